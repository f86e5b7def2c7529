// The table itself: check boxes, sortable heads, one row a run.
import { html } from "htm/preact";
import { title } from "../../logic/runs.js";
import { setQuery } from "../../router.js";
import { columnsText } from "./column-chooser.js";
import { chosenColumns } from "./columns.js";
import { RowMenu } from "./row-menu.js";

/** @typedef {import("./columns.js").Column} Column */

/** Numbers are looked for from the top: best first.
 * @param {Column} column @param {string | undefined} now */
function nextSort({ sort, number }, now) {
  const first = number ? `-${sort}` : sort;
  const second = number ? sort : `-${sort}`;
  if (now === first) return second;
  return now === second ? null : first;
}

/** @param {Column} column */
const classOf = ({ number, wide }) => `${number ? "num" : ""} ${wide ? "wide" : ""}`;

/** @param {{column: Column, sort: string | undefined}} props */
function Head({ column, sort }) {
  const sorted = column.sort && sort?.replace("-", "") === column.sort;
  const down = sort?.startsWith("-");
  return html`<th
    scope="col"
    class=${classOf(column)}
    aria-sort=${sorted ? (down ? "descending" : "ascending") : null}
  >
    ${
      column.sort
        ? html`<button
          type="button"
          class="sort"
          onClick=${() => setQuery({ sort: nextSort(column, sort), cursor: null })}
        >
          ${column.label}<span class="arrow" aria-hidden="true">
            ${sorted ? (down ? "↓" : "↑") : ""}
          </span>
        </button>`
        : column.label
    }
  </th>`;
}

/** @param {number[]} selected @param {number[]} ids @param {boolean} on */
function select(selected, ids, on) {
  const others = selected.filter((id) => !ids.includes(id));
  setQuery({ sel: (on ? [...others, ...ids] : others).join() });
}

/** @param {{run: Run, columns: Column[], selected: number[]}} props */
function Row({ run, columns, selected }) {
  const checked = selected.includes(run.id);
  return html`<tr data-run=${run.id} class=${checked ? "selected" : ""}>
    <td class="tick">
      <input
        type="checkbox"
        aria-label=${`Select ${title(run)}, number ${run.id}`}
        checked=${checked}
        onChange=${(/** @type {any} */ e) => select(selected, [run.id], e.target.checked)}
      />
    </td>
    ${columns.map((column) => {
      const className = `${classOf(column)} col-${column.key}`;
      return html`<td key=${column.key} class=${className}>${column.cell(run)}</td>`;
    })}
    <td class="tail"><${RowMenu} run=${run} /></td>
  </tr>`;
}

/** @param {{runs: Run[], query: Record<string, string>, selected: number[]}} props */
export function RunsTable({ runs, query, selected }) {
  const text = columnsText(query);
  const columns = chosenColumns(text);
  const ids = runs.map((run) => run.id);
  const all = ids.every((id) => selected.includes(id));
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Runs">
    <table class="runs ${text ? "chosen" : ""}">
      <thead>
        <tr>
          <td class="tick">
            <input
              type="checkbox"
              aria-label="Select all on this page"
              checked=${all}
              onChange=${(/** @type {any} */ e) => select(selected, ids, e.target.checked)}
            />
          </td>
          ${columns.map(
            (column) =>
              html`<${Head} key=${column.key} column=${column} sort=${query.sort} />`,
          )}
          <td class="tail"></td>
        </tr>
      </thead>
      <tbody>
        ${runs.map(
          (run) =>
            html`<${Row} key=${run.id} run=${run} columns=${columns} selected=${selected} />`,
        )}
      </tbody>
    </table>
  </div>`;
}
