// Samples of a table: a row each, in the units of the file.
import { html } from "htm/preact";
import { Clipped } from "../../components/clipped.js";
import { alignedTexts, columnsOf } from "../../logic/columns.js";
import { count } from "../../logic/format.js";

const MOST = 64;

/** @param {{dataset: Dataset, samples: Samples["samples"]}} props */
export function SampleTable({ dataset, samples }) {
  const all = columnsOf(dataset);
  const columns = all.slice(0, MOST);
  const texts = columns.map((column, i) =>
    alignedTexts(
      column,
      samples.map(({ values }) => values[i]),
    ),
  );
  return html`<div class="stack">
    <div
      class="table-plain table-tall sample-table"
      tabindex="0"
      role="region"
      aria-label="Samples as a table"
    >
      <table>
        <thead>
          <tr>
            <th class="num" scope="col">#</th>
            <th scope="col">Class</th>
            ${columns.map(
              ({ name }, i) => html`<th key=${i} class="num" scope="col"><${Clipped} text=${name} /></th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${samples.map(
            ({ index, label }, row) => html`<tr key=${index}>
              <td class="num muted">${count(index)}</td>
              <th scope="row"><${Clipped} text=${dataset.class_names[label] ?? String(label)} /></th>
              ${texts.map((list, i) => html`<td key=${i} class="num">${list[row]}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      columns.length < all.length &&
      html`<p class="muted small">
        Its first ${MOST} of ${count(all.length)} columns are shown.
      </p>`
    }
  </div>`;
}
