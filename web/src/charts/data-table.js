// The numbers behind a chart, folded away, with every digit that the server sent.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { exact, label } from "../logic/format.js";

const SHOWN = 500;

/**
 * @typedef {{name: string, columns: string[], rows: Record<string, any>[],
 *   note?: unknown}} Data  `name` in the plural; `note` stands above the table
 */

/** @param {Data & {summary: unknown, className?: string}} props */
export function DataTable({ summary, className = "data card", ...data }) {
  const [open, setOpen] = useState(false);
  const toggled = (/** @type {any} */ event) => setOpen(event.target.open);
  return html`<details class=${className} onToggle=${toggled}>
    <summary>${summary}</summary>
    ${open && html`<${Rows} ...${data} />`}
  </details>`;
}

/** @param {Data} props */
function Rows({ name, columns, rows, note }) {
  const last = rows.slice(-SHOWN);
  const used = columns.filter((column) =>
    last.some((row) => ["number", "string"].includes(typeof row[column])),
  );
  const cut = rows.length > SHOWN && `The last ${SHOWN} of ${rows.length} ${name}. `;
  return html`<div class="stack">
    ${(cut || note) && html`<p class="muted small">${cut}${note}</p>`}
    <div
      class="table-scroll table-tall"
      tabindex="0"
      role="region"
      aria-label=${name.charAt(0).toUpperCase() + name.slice(1)}
    >
      <table class="points">
        <thead>
          <tr>
            ${used.map(
              (column) =>
                html`<th key=${column} class="num" scope="col">${label(column)}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${last.map(
            (row, i) => html`<tr key=${i}>
              ${used.map(
                (column) =>
                  html`<td key=${column} class="num" data-metric=${column}>
                    ${typeof row[column] === "string" ? row[column] : exact(row[column])}
                  </td>`,
              )}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </div>`;
}
