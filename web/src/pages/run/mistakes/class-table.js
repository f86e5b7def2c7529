// How well the model does on each class.
import { html } from "htm/preact";
import { Clipped } from "../../../components/clipped.js";
import * as format from "../../../logic/format.js";

const columns = [
  { name: "precision", title: "Precision" },
  { name: "recall", title: "Recall" },
  { name: "f1", title: "F1" },
];

/** @param {{answer: Mistakes}} props */
export function ClassTable({ answer }) {
  return html`<section class="card stack">
    <h2 id="by-class">By class</h2>
    <div class="confusion-scroll class-scroll" tabindex="0" role="region" aria-labelledby="by-class">
      <table class="class-scores">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th class="num" scope="col">Samples</th>
            ${columns.map(
              ({ name, title }) => html`<th key=${name} class="num" scope="col">${title}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${answer.per_class.map(
            (score) => html`<tr key=${score.label} data-class=${score.label}>
              <th scope="row"><${Clipped} text=${score.name} /></th>
              <td class="num">${format.count(score.support)}</td>
              ${columns.map(
                ({ name }) => html`<td key=${name} class="num">
                  ${format.percent(/** @type {any} */ (score)[name], 1)}
                </td>`,
              )}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="muted small">
      Precision: of the samples it says are of the class, so many are. Recall: of those
      that are, it finds so many. F1 is their harmonic mean.
    </p>
  </section>`;
}
