// One row a sweep: how far it is and what it asks.
import { html } from "htm/preact";
import { State } from "../../../components/run-marks.js";
import * as format from "../../../logic/format.js";
import { datasetText, objectiveText, parametersText } from "../../../logic/sweep-spec.js";
import { endedRuns, isOpen, sweepTitle } from "../../../logic/sweeps.js";
import { href } from "../../../router.js";
import { RowMenu } from "./row-menu.js";

/** @param {{sweep: Sweep}} props */
function Progress({ sweep }) {
  const ended = endedRuns(sweep);
  const text = `${format.count(ended)} of ${format.plural(sweep.total_runs, "run")}`;
  return html`<div class="sweep-progress">
    <${State} run=${sweep} />
    ${
      isOpen(sweep) &&
      html`<progress
        class="progress-small"
        max="1"
        value=${sweep.progress}
        aria-label=${`Progress of ${sweepTitle(sweep)}`}
      />`
    }
    <span class="small muted numbers">${text}</span>
  </div>`;
}

/** How long it will go on, or how long it took. @param {Sweep} sweep */
function timeText({ state, eta_seconds: eta, wall_seconds: wall }) {
  if (state === "running")
    return format.isNumber(eta) ? `${format.forecast(eta)} left` : "–";
  return format.seconds(wall);
}

/** @param {{sweep: Sweep}} props */
function Row({ sweep }) {
  const { id, spec } = sweep;
  const name = sweepTitle(sweep);
  return html`<tr data-sweep=${id}>
    <td><${Progress} sweep=${sweep} /></td>
    <td class="col-name">
      <span class="run-name">
        ${sweep.name && html`<span class="run-id">#${id}</span>`}
        <a href=${href(["sweeps", String(id)])} title=${name}>${name}</a>
      </span>
      <span class="narrow small muted">${parametersText(spec)} · ${timeText(sweep)}</span>
    </td>
    <td class="wide">${objectiveText(spec)}</td>
    <td class="wide col-varies" title=${parametersText(spec)}>${parametersText(spec)}</td>
    <td class="wide">${datasetText(spec)}</td>
    <td class="num wide">${timeText(sweep)}</td>
    <td class="wide numbers">${format.dateTime(sweep.created_at)}</td>
    <td class="tail"><${RowMenu} sweep=${sweep} /></td>
  </tr>`;
}

/** @param {{sweeps: Sweep[]}} props */
export function SweepsTable({ sweeps }) {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Sweeps">
    <table class="runs sweeps">
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Name</th>
          <th scope="col" class="wide">Looks for</th>
          <th scope="col" class="wide">Varies</th>
          <th scope="col" class="wide">Dataset</th>
          <th scope="col" class="num wide">Time</th>
          <th scope="col" class="wide">Launched</th>
          <td class="tail"></td>
        </tr>
      </thead>
      <tbody>
        ${sweeps.map((sweep) => html`<${Row} key=${sweep.id} sweep=${sweep} />`)}
      </tbody>
    </table>
  </div>`;
}
