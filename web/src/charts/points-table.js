// The points behind a run's charts, with every digit that the server sent.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { count, exact, label } from "../logic/format.js";

const SHOWN = 500;

const columns = [
  "step",
  "epoch",
  "samples",
  "train_seconds",
  "train_loss",
  "train_accuracy",
  "test_loss",
  "test_accuracy",
  "val_loss",
  "val_accuracy",
  "lr",
  "grad_norm",
];

/**
 * @param {{run: number, points: Point[], total: number}} props `total`: how many there
 *   are, where `points` is a thinned selection
 */
export function PointsTable({ run, points, total }) {
  const [open, setOpen] = useState(false);
  const toggled = (/** @type {any} */ event) => setOpen(event.target.open);
  return html`<details class="data card" onToggle=${toggled}>
    <summary>
      Points as a table (${points.length}${total > points.length && ` of ${count(total)}`})
    </summary>
    ${open && html`<${Rows} run=${run} points=${points} />`}
  </details>`;
}

/** @param {{run: number, points: Point[]}} props */
function Rows({ run, points }) {
  const rows = /** @type {Record<string, any>[]} */ (points.slice(-SHOWN));
  const used = columns.filter((name) =>
    rows.some((row) => typeof row[name] === "number"),
  );
  return html`<div class="stack">
    <p class="muted small">
      ${points.length > SHOWN && `The last ${SHOWN} of ${points.length} points. `}
      All of them: <a href="/runs/${run}/points.csv" download>points.csv</a>
    </p>
    <div class="table-scroll table-tall" tabindex="0" role="region" aria-label="Points">
      <table class="points">
        <thead>
          <tr>${used.map((name) => html`<th class="num" scope="col">${label(name)}</th>`)}</tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`<tr key=${row.step}>
              ${used.map(
                (name) =>
                  html`<td class="num" data-metric=${name}>${exact(row[name])}</td>`,
              )}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </div>`;
}
