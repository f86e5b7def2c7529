// How often each class occurs.
import { html } from "htm/preact";
import { count } from "../../logic/format.js";

/** @param {{dataset: Dataset, split: "train" | "test"}} props */
export function ClassCounts({ dataset, split }) {
  const counts = dataset.class_counts?.[split] ?? [];
  const most = Math.max(...counts, 1);
  return html`<section class="card">
    <h2>Classes</h2>
    <table class="class-counts">
      <thead class="visually-hidden">
        <tr><th scope="col">Class</th><th scope="col">Share</th><th scope="col">Samples</th></tr>
      </thead>
      <tbody>
        ${counts.map(
          (value, i) => html`<tr key=${i}>
            <th scope="row">${dataset.class_names[i] ?? i}</th>
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
  </section>`;
}
