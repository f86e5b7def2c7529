// The columns of a table, and how their values are spread.
import { html } from "htm/preact";
import { Clipped } from "../../components/clipped.js";
import { count, short } from "../../logic/format.js";
import { setQuery } from "../../router.js";

const FEW = 20;
const MOST = 2000;

/** @param {{columns: Column[], all: boolean}} props */
export function ColumnTable({ columns, all }) {
  const shown = columns.slice(0, all ? MOST : FEW);
  const left = columns.length - shown.length;
  return html`<section class="card stack">
    <h2 id="columns">Columns</h2>
    <div class="table-plain table-tall" tabindex="0" role="region" aria-labelledby="columns">
      <table class="column-table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th class="num" scope="col">Mean</th>
            <th class="num" scope="col">Deviation</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            ({ name, mean, deviation }, i) => html`<tr key=${i}>
              <th scope="row"><${Clipped} text=${name} /></th>
              <td class="num">${short(mean)}</td>
              <td class="num">${short(deviation)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      left > 0 &&
      (all
        ? html`<p class="muted small">Its first ${count(MOST)} of ${count(columns.length)} are shown.</p>`
        : html`<div>
            <button type="button" class="btn btn-small" onClick=${() => setQuery({ columns: "all" })}>
              Show all (${count(columns.length)})
            </button>
          </div>`)
    }
    <p class="muted small">
      A network sees each value less the mean, in deviations; pages show it as it was.
    </p>
  </section>`;
}
