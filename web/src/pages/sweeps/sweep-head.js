// A sweep's name, state and progress, and what can be done with it.
import { html } from "htm/preact";
import { PageTitle } from "../../components/page-title.js";
import { State } from "../../components/run-marks.js";
import * as format from "../../logic/format.js";
import { reasonText } from "../../logic/runs.js";
import { isOpen, sweepProgress, sweepTitle, troubleText } from "../../logic/sweeps.js";
import { href } from "../../router.js";
import { SweepActions } from "./sweep-actions.js";

/** @type {Record<string, string>} */
const samplers = {
  grid: "whole grid",
  random: "random search",
  sobol: "Sobol search",
  tpe: "TPE search",
};

/** "25 settings × 3 seeds, whole grid". @param {Sweep} sweep */
function planText({ settings, spec }) {
  const seeds = spec.repeats > 1 ? ` × ${spec.repeats} seeds` : "";
  const pruner = spec.pruner === "none" ? "" : `, ${spec.pruner} pruner`;
  const sampler = samplers[spec.sampler] ?? spec.sampler;
  return `${format.plural(settings, "setting")}${seeds}, ${sampler}${pruner}`;
}

/** @param {{sweep: Sweep}} props */
function SweepProgress({ sweep }) {
  return html`<div class="run-progress">
    <progress max="1" value=${sweep.progress} aria-label=${`Progress of ${sweepTitle(sweep)}`} />
    <span class="small muted numbers align-end">${sweepProgress(sweep)}</span>
  </div>`;
}

/** @param {{sweep: Sweep, onChanged: (sweep: Sweep) => void}} props */
export function SweepHead({ sweep, onChanged }) {
  const reason = sweep.error ? "" : reasonText(sweep.stop_reason);
  const trouble = troubleText(sweep);
  return html`<header class="run-head stack">
    <div class="row spread">
      <div class="row run-title">
        <${PageTitle} title=${sweepTitle(sweep)} />
        <span class="muted numbers">#${sweep.id}</span>
        <${State} run=${sweep} />
        ${reason && html`<span class="muted small">${reason}</span>`}
      </div>
      <${SweepActions} sweep=${sweep} onChanged=${onChanged} />
    </div>
    ${isOpen(sweep) && html`<${SweepProgress} sweep=${sweep} />`}
    <div class="row small muted">
      <span>${planText(sweep)}</span>
      ${
        !isOpen(sweep) &&
        html`<span class="numbers">
          ${sweepProgress(sweep)} in ${format.seconds(sweep.wall_seconds)}
        </span>`
      }
      ${trouble && html`<span>${trouble}</span>`}
      <a href=${href([], { sweep: sweep.id })}>All its runs</a>
      <a href="/sweeps/${sweep.id}/runs.csv" download>runs.csv</a>
    </div>
    ${sweep.notes && html`<p class="prose sweep-notes">${sweep.notes}</p>`}
    ${sweep.error && html`<p class="note note-bad" role="alert">${sweep.error}</p>`}
  </header>`;
}
