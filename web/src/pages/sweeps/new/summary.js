// What the sweep comes to before it is launched: runs, and time at most.
import { html } from "htm/preact";
import { missing } from "../../../logic/datasets.js";
import * as format from "../../../logic/format.js";
import {
  countTexts,
  runsAtATime,
  runSeconds,
  sweepSeconds,
} from "../../../logic/sweep-estimate.js";
import { datasetText, objectiveText } from "../../../logic/sweep-spec.js";

/** @typedef {Awaited<ReturnType<typeof import("../../../data/form.js").loadForm>>} FormData */

/** @param {SweepSpec} spec @param {Dataset[]} datasets */
const absent = (spec, datasets) =>
  datasets
    .filter(({ name }) => datasetText(spec).split(", ").includes(name))
    .map(missing)
    .filter(Boolean);

/** @param {{spec: SweepSpec, estimate: SweepEstimate, data: FormData}} props */
function Facts({ spec, estimate, data }) {
  const each = runSeconds(spec, estimate.samples_per_run, data);
  const seconds = sweepSeconds(spec, estimate, each, data.workers);
  const [product, runs] = countTexts(estimate, spec.repeats);
  const early = spec.base.stop_at_target === true || spec.pruner !== "none";
  return html`<p class="sweep-count" data-estimate="runs">
      <span class="muted">${product} =</span> <strong>${runs}</strong>
    </p>
    <dl class="facts">
      <dt>Looks for</dt>
      <dd>${objectiveText(spec)}</dd>
      <dt>One run</dt>
      <dd>at most ${format.count(estimate.samples_per_run)} samples</dd>
      <dt>At a time</dt>
      <dd>${format.plural(runsAtATime(spec, data.workers), "run")}</dd>
      <dt>Time</dt>
      <dd data-estimate="seconds">
        ${
          seconds === null
            ? html`<span class="muted">no speed measured yet</span>`
            : `${early ? "at most " : ""}${format.forecast(seconds)}`
        }
      </dd>
    </dl>
    ${
      seconds !== null &&
      early &&
      html`<p class="field-help">
        By the speeds measured so far. Most runs end sooner:
        ${spec.base.stop_at_target === true ? " they stop at the target" : ""}
        ${spec.base.stop_at_target === true && spec.pruner !== "none" ? " or" : ""}
        ${spec.pruner !== "none" ? " the pruner stops them" : ""}.
      </p>`
    }`;
}

/**
 * @param {{spec: SweepSpec, estimate: SweepEstimate | null, wrong: number, data: FormData,
 *   children: unknown}} props `wrong`: how many fields are
 */
export function Summary({ spec, estimate, wrong, data, children }) {
  return html`<section class="card stack" aria-label="Estimate">
    <h2>This sweep</h2>
    <div class="stack" aria-live="polite">
      ${
        estimate
          ? html`<${Facts} spec=${spec} estimate=${estimate} data=${data} />`
          : wrong
            ? html`<p class="field-error">
                ${wrong === 1 ? "One field is" : `${wrong} fields are`} not right yet.
              </p>`
            : html`<p class="muted">Counting the runs …</p>`
      }
    </div>
    ${absent(spec, data.datasets).map((text) => html`<p class="note note-bad small">${text}</p>`)}
    ${children}
  </section>`;
}
