// Runs side by side: how they ended, and only those fields of the config that differ.
import { html } from "htm/preact";
import { Icon } from "../../components/icon.js";
import { RunName, State } from "../../components/run-marks.js";
import * as format from "../../logic/format.js";
import { bestAccuracy } from "../../logic/runs.js";
import { differingFields } from "../../logic/stats.js";
import { setQuery } from "../../router.js";

/** @type {[string, (run: Run) => string][]} */
const results = [
  ["Best accuracy", (run) => format.percent(bestAccuracy(run))],
  ["Last accuracy", (run) => format.percent(run.summary.last_test_accuracy)],
  ["Test loss", (run) => format.fixed(run.summary.last_test_loss)],
  ["Time to target", (run) => format.seconds(run.summary.time_to_target)],
  ["Training time", (run) => format.seconds(run.summary.train_seconds)],
];

/** @param {{runs: Run[], ids: number[]}} props */
export function ComparisonTable({ runs, ids }) {
  const fields = differingFields(runs);
  /** @param {number} id */
  const without = (id) => setQuery({ ids: ids.filter((other) => other !== id).join() });
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Runs side by side">
    <table class="comparison">
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">State</th>
          ${results.map(([label]) => html`<th scope="col" class="num">${label}</th>`)}
          ${fields.map((name) => html`<th scope="col" class="differs">${format.label(name)}</th>`)}
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${runs.map(
          (run) => html`<tr key=${run.id} data-run=${run.id}>
            <th scope="row" class="col-name"><${RunName} run=${run} /></th>
            <td><${State} run=${run} /></td>
            ${results.map(([, value]) => html`<td class="num">${value(run)}</td>`)}
            ${fields.map(
              (name) =>
                html`<td class="differs numbers">${format.configValue(run.config[name])}</td>`,
            )}
            <td class="tail">
              <button
                type="button"
                class="btn btn-quiet btn-small btn-icon"
                aria-label=${`Take run ${run.id} out of the comparison`}
                onClick=${() => without(run.id)}
              >
                <${Icon} name="close" size=${12} />
              </button>
            </td>
          </tr>`,
        )}
      </tbody>
    </table>
    ${
      runs.length > 1 &&
      !fields.length &&
      html`<p class="muted small same-config">The configs are the same.</p>`
    }
  </div>`;
}
