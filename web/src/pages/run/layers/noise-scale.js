// Which batch size the gradient's noise asks for.
import { html } from "htm/preact";
import { DataTable } from "../../../charts/data-table.js";
import { LineChart } from "../../../charts/line-chart.js";
import * as format from "../../../logic/format.js";
import { noiseOf, savedByDoubling } from "../../../logic/layers.js";
import { isLive } from "../../../logic/runs.js";
import { noiseSpec } from "./specs.js";

/** @typedef {import("./specs.js").View} View */

const none = new Set();
const columns = ["step", "gradient_squared", "gradient_variance", "noise_scale"];

/** @param {number | null} value */
const samples = (value) =>
  value === null ? format.short(null) : `${format.short(value, 3)} samples`;

/** @param {{noise: number | null, batch: number}} props */
function Verdict({ noise, batch }) {
  if (noise === null || !(noise > 0)) return null;
  const saved = format.percent(savedByDoubling(noise, batch), 0);
  return html` By the mean, doubling this run's batch of ${format.count(batch)} would save
    about <strong>${saved}</strong> of its steps; nearly 50 % is the most there is.`;
}

/** @param {{view: View}} props */
function Known({ view }) {
  const { step, newest, mean, probes } = noiseOf(view.log.noise);
  const batch = view.run.config.batch_size;
  return html`<dl class="tiles">
      <div class="tile">
        <dt>Newest probe · step ${format.count(step)}</dt>
        <dd data-tile="noise">${samples(newest)}</dd>
      </div>
      <div class="tile">
        <dt>Mean over ${format.plural(probes, "probe")}</dt>
        <dd data-tile="noise-mean">${samples(mean)}</dd>
      </div>
      <div class="tile">
        <dt>This run's batch size</dt>
        <dd>${samples(batch)}</dd>
      </div>
    </dl>
    <p class="small prose">
      Batches well below this size gain nearly linearly from doubling; batches well above it
      gain little (McCandlish et al. 2018).
      <${Verdict} noise=${mean} batch=${batch} />
    </p>
    <${LineChart} spec=${noiseSpec(view)} hidden=${none} onToggle=${() => {}}>
      <${DataTable}
        summary="As a table"
        className="small"
        name="noise probes"
        columns=${columns}
        rows=${view.log.noise}
      />
    <//>`;
}

/** @param {{view: View}} props */
export function NoiseScale({ view }) {
  return html`<section class="stack">
    <h2>Which batch size pays?</h2>
    <p class="muted small prose">
      The gradient noise scale compares how much the gradients of single samples disagree
      with how long their mean is. It is a batch size, in samples.
    </p>
    ${
      view.log.noise.length
        ? html`<${Known} view=${view} />`
        : html`<p class="note muted">
            ${
              isLive(view.run)
                ? "No probe yet: the noise scale comes with the first one."
                : "The noise scale was not measured in this run."
            }
          </p>`
    }
  </section>`;
}
