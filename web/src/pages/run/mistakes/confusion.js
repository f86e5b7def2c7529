// Which class the model takes for which: a table to walk through with the arrow keys.
import { html } from "htm/preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { Clipped } from "../../../components/clipped.js";
import { confusionOf, SHADES, shownClasses } from "../../../logic/mistakes.js";
import { count, percent } from "../../../logic/format.js";
import { setQuery } from "../../../router.js";

/** @typedef {import("../../../logic/mistakes.js").ConfusionCell} Cell */
/** @typedef {import("../../../logic/mistakes.js").Filter} Filter */

/** @type {Record<string, [number, number]>} rows and columns to move */
const moves = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};
const LONG_NAME = 3;
const FEW = 4;
const MANY = 16;

/** @param {number} value @param {number} count */
const clamp = (value, count) => Math.min(count - 1, Math.max(0, value));

/** How much room a class gets. @param {string[]} classes */
function lookOf(classes) {
  if (classes.length <= FEW) return "confusion-few";
  const long = classes.some((name) => name.length > LONG_NAME) ? "confusion-long" : "";
  return classes.length > MANY ? `${long} confusion-many` : long;
}

/** @param {number[]} shown @param {number | null} label */
const placeIn = (shown, label) => (label === null ? 0 : shown.indexOf(label));

/** Lists the samples of a cell, or all mistakes again. @param {Cell} cell
 * @param {boolean} chosen */
const choose = ({ actual, predicted }, chosen) =>
  setQuery({
    actual: chosen ? null : actual,
    predicted: chosen ? null : predicted,
    pages: null,
  });

/** @param {{cell: Cell, current: boolean, chosen: boolean, onFocus: () => void}} props */
function CellButton({ cell, current, chosen, onFocus }) {
  const side = cell.right ? "right" : "wrong";
  return html`<td>
    <button
      type="button"
      class=${`confusion-cell ${side} shade-${cell.shade}`}
      tabindex=${current ? 0 : -1}
      aria-label=${cell.words}
      aria-pressed=${chosen}
      title=${cell.words}
      onFocus=${onFocus}
      onClick=${() => choose(cell, chosen)}
    >
      ${cell.count || ""}
    </button>
  </td>`;
}

function Legend() {
  return html`<div class="row small muted confusion-legend">
    ${["wrong", "right"].map(
      (side) => html`<span class="row" key=${side}>
        <span class="row ramp" aria-hidden="true">
          ${SHADES.map(
            (_, i) => html`<i key=${i} class=${`confusion-cell ${side} shade-${i + 1}`}></i>`,
          )}
        </span>
        ${side === "wrong" ? "mistakes" : "right (outlined)"}
      </span>`,
    )}
    <span>Shades: share of the row, from 0, ${SHADES.slice(1).map((s) => percent(s, s < 0.01 ? 1 : 0)).join(", ")}</span>
  </div>`;
}

/** @param {{answer: Mistakes, filter: Filter}} props */
export function Confusion({ answer, filter }) {
  const shown = useMemo(
    () => shownClasses(answer.confusion, filter),
    [answer.confusion, filter.actual, filter.predicted],
  );
  const [at, setAt] = useState({
    row: placeIn(shown, filter.actual),
    column: placeIn(shown, filter.predicted),
  });
  const table = useRef(/** @type {HTMLTableElement | null} */ (null));
  const classes = shown.map((label) => answer.classes[label]);
  const row = clamp(at.row, classes.length);
  const column = clamp(at.column, classes.length);

  /** @param {KeyboardEvent} event */
  function keyPressed(event) {
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const down = clamp(row + move[0], classes.length);
    const across = clamp(column + move[1], classes.length);
    const cell = table.current?.tBodies[0].rows[down].cells[across + 1];
    /** @type {HTMLElement | null | undefined} */ (cell?.firstElementChild)?.focus();
  }

  return html`<section class="card stack">
    <h2>What it takes for what</h2>
    <div class="confusion-scroll">
      <table
        ref=${table}
        class=${`confusion ${lookOf(classes)}`}
        role="grid"
        onKeyDown=${keyPressed}
      >
        <caption class="visually-hidden">
          Confusion matrix: a row for what a sample is, a column for what the model says.
          Arrow keys move, Enter lists the samples of a cell.
        </caption>
        <thead>
          <tr>
            <td class="confusion-corner">is ↓ says →</td>
            ${classes.map(
              (name, i) => html`<th key=${i} scope="col"><span class="clipped" title=${name}>${name}</span></th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${confusionOf(answer, shown).map(
            (cells, i) => html`<tr key=${i}>
              <th scope="row"><${Clipped} text=${classes[i]} /></th>
              ${cells.map(
                (cell, j) => html`<${CellButton}
                  key=${j}
                  cell=${cell}
                  current=${i === row && j === column}
                  chosen=${filter.actual === cell.actual && filter.predicted === cell.predicted}
                  onFocus=${() => setAt({ row: i, column: j })}
                />`,
              )}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <${Legend} />
    ${
      shown.length < answer.classes.length &&
      html`<p class="muted small">
        The ${shown.length} classes of ${count(answer.classes.length)} with the most mistakes.
      </p>`
    }
  </section>`;
}
