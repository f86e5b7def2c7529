// How big the model is and how long the run will take, before it is launched.
import { html } from "htm/preact";
import { missing } from "../../logic/datasets.js";
import { expectedSpeed, parameterCount, plan } from "../../logic/estimate.js";
import * as format from "../../logic/format.js";

/**
 * @param {Record<string, unknown>} values @param {Dataset[]} datasets @param {Speed[]} speeds
 */
function estimate(values, datasets, speeds) {
  const dataset = datasets.find(({ name }) => name === values.dataset);
  const hidden = /** @type {unknown[]} */ (values.hidden ?? []);
  const sizes = [dataset?.features, ...hidden, dataset?.classes];
  const known = sizes.every((size) => typeof size === "number" && size > 0);
  const parameters = known ? parameterCount(/** @type {number[]} */ (sizes)) : null;
  const work = dataset ? plan(values, dataset.train_count) : null;
  const speed =
    parameters && work
      ? expectedSpeed(speeds, parameters, Number(values.batch_size))
      : null;
  const seconds = speed && work ? work.samples / speed.rate : null;
  return { dataset, sizes, parameters, work, speed, seconds };
}

/**
 * @param {{values: Record<string, unknown>, datasets: Dataset[], speeds: Speed[],
 *   children: unknown}} props
 */
export function Estimate({ values, datasets, speeds, children }) {
  const { dataset, sizes, parameters, work, speed, seconds } = estimate(
    values,
    datasets,
    speeds,
  );
  const absent = dataset ? missing(dataset) : "";
  return html`<section class="card stack" aria-label="Estimate">
    <h2>This run</h2>
    <dl class="facts" aria-live="polite">
      <dt>Network</dt>
      <dd>${sizes.map((size) => size ?? "?").join(" – ")}</dd>
      <dt>Parameters</dt>
      <dd data-estimate="parameters">${format.count(parameters)}</dd>
      <dt>Steps</dt>
      <dd data-estimate="steps">
        ${
          work
            ? `${format.count(work.steps)} (${format.count(work.stepsPerEpoch)} an epoch)`
            : "–"
        }
      </dd>
      <dt>Training</dt>
      <dd data-estimate="seconds">
        ${
          seconds === null
            ? html`<span class="muted">no speed measured yet</span>`
            : format.forecast(seconds)
        }
      </dd>
    </dl>
    ${
      speed &&
      html`<p class="field-help">From the speed of run ${speed.run}: ${format.rate(speed.rate)} here.</p>`
    }
    ${absent && html`<p class="note note-bad small">${absent}</p>`}
    ${children}
  </section>`;
}
