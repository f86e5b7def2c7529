// How often each class occurs.
import { html } from "htm/preact";
import { count } from "../../logic/format.js";

/** A list, or one list a split. @param {any} counts @param {string} split @returns {number[]} */
function countsOf(counts, split) {
  if (Array.isArray(counts)) return counts;
  return counts?.[split] ?? [];
}

/** @param {{dataset: Dataset, split: string}} props */
export function ClassCounts({ dataset, split }) {
  const counts = countsOf(dataset.class_counts, split);
  const most = Math.max(...counts, 1);
  const names = /** @type {string[]} */ (dataset.class_names ?? dataset.labels ?? []);
  return html`<section class="card">
    <h2>Classes</h2>
    <table class="class-counts">
      <thead class="visually-hidden">
        <tr><th scope="col">Class</th><th scope="col">Share</th><th scope="col">Samples</th></tr>
      </thead>
      <tbody>
        ${counts.map(
          (value, i) => html`<tr key=${i}>
            <th scope="row">${names[i] ?? i}</th>
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
