// How often each class occurs.
import { html } from "htm/preact";
import { Clipped } from "../../components/clipped.js";
import { classColour } from "../../components/plane-picture.js";
import { isPlane } from "../../logic/datasets.js";
import { count } from "../../logic/format.js";

/** @param {{dataset: Dataset, split: "train" | "test"}} props */
export function ClassCounts({ dataset, split }) {
  const counts = dataset.class_counts?.[split] ?? [];
  const most = Math.max(...counts, 1);
  return html`<section class="card">
    <h2 id="classes">Classes</h2>
    <div class="table-plain table-tall" tabindex="0" role="region" aria-labelledby="classes">
    <table class="class-counts">
      <thead class="visually-hidden">
        <tr><th scope="col">Class</th><th scope="col">Share</th><th scope="col">Samples</th></tr>
      </thead>
      <tbody>
        ${counts.map(
          (value, i) => html`<tr key=${i}>
            <th scope="row">
              <span class="class-name">
                ${isPlane(dataset) && html`<i class=${`class-dot c${classColour(i)}`} aria-hidden="true"></i>`}
                <${Clipped} text=${dataset.class_names[i] ?? String(i)} />
              </span>
            </th>
            <td>
              <svg width="100%" height="10" aria-hidden="true">
                <rect class="bar" width="${(100 * value) / most}%" height="10" rx="2" />
              </svg>
            </td>
            <td class="num">${count(value)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
    </div>
  </section>`;
}
