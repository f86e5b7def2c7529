// Steps against samples: which batch size wastes neither.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { DataTable } from "../../../charts/data-table.js";
import { LineChart } from "../../../charts/line-chart.js";
import * as format from "../../../logic/format.js";
import { targetText } from "../../../logic/objectives.js";
import {
  absentReason,
  criticalText,
  forecastText,
  noiseText,
  READING,
} from "../../../logic/sweet-spot.js";
import { toggled } from "./toggled.js";

/** @typedef {import("../../../logic/sweep-view.js").View} View */

const columns = ["batch_size", "steps", "samples", "seconds_per_step", "seconds"];

/** @param {number} value */
const samples = (value) => `${format.count(value)} samples`;

/** @param {SweetSpot} spot @param {number} target @returns {import("../../../charts/spec.js").Spec} */
function spotSpec({ points, forecast, critical_batch: critical }, target) {
  const curve = [...forecast].sort((a, b) => a.steps - b.steps);
  const measured = [...points].sort((a, b) => a.steps - b.steps);
  return {
    title: `Steps and samples to ${targetText(target)}`,
    label:
      `Samples by steps to ${targetText(target)} at ${points.length} batch sizes; ` +
      `critical batch size ${format.count(Math.round(critical.value))}`,
    lines: [
      {
        key: "measured",
        label: "Measured",
        colour: 0,
        scattered: true,
        dots: 4,
        data: measured.map(({ steps, samples: y, batch_size: size }) => ({
          x: steps,
          y,
          name: `Batch ${format.count(size)}`,
        })),
      },
      {
        key: "fit",
        label: "Fitted curve",
        colour: 1,
        data: curve.map(({ steps, samples: y }) => ({ x: steps, y })),
      },
    ],
    xTitle: "steps",
    yTitle: "samples",
    format: samples,
    log: true,
    xLog: true,
    named: true,
    tags: measured.map(({ steps, samples: y, batch_size: size }) => ({
      x: steps,
      y,
      text: format.count(size),
    })),
  };
}

/** @param {{view: View, spot: SweetSpot}} props */
function Spot({ view, spot }) {
  const [hidden, setHidden] = useState(/** @type {Set<string>} */ (new Set()));
  return html`<${LineChart}
    spec=${spotSpec(spot, view.goal.target)}
    hidden=${hidden}
    onToggle=${(/** @type {string} */ key) => setHidden(toggled(hidden, key))}
    controls=${!view.fresh && html`<span class="muted small">updating …</span>`}
  >
    <div class="stack small sweet-spot">
      <p>
        <strong>Critical batch size ${criticalText(spot.critical_batch)}.</strong>${" "}
        ${noiseText(spot)} ${forecastText(spot)}
      </p>
      <p class="muted">${READING}</p>
    </div>
    <${DataTable}
      summary="As a table"
      className="small"
      name="batch sizes"
      columns=${columns}
      rows=${spot.points}
    />
  <//>`;
}

/** @param {{view: View}} props */
export function SweetSpotFigure({ view }) {
  const spot = view.analysis.sweet_spot;
  if (spot) return html`<${Spot} view=${view} spot=${spot} />`;
  return html`<section class="card stack">
    <h2>Steps and samples</h2>
    <p class="muted">${view.fresh ? absentReason(view) : "Updating …"}</p>
  </section>`;
}
