// How the values of one layer were spread at one probe.
import { html } from "htm/preact";
import { DataTable } from "../../../charts/data-table.js";
import { LineChart } from "../../../charts/line-chart.js";
import * as format from "../../../logic/format.js";
import { binsOf, chooseProbe, layersOf } from "../../../logic/layers.js";
import { isLive } from "../../../logic/runs.js";
import { setQuery } from "../../../router.js";
import { histogramSpec } from "./specs.js";

/** @typedef {import("../../../logic/layers.js").LayerLog} LayerLog */

const kinds = /** @type {const} */ ([
  { key: "weights", title: "Weights" },
  { key: "gradients", title: "Gradients" },
  { key: "activations", title: "Activations" },
]);
const none = new Set();

/** @param {{run: Run, layer: number}} props */
function LayerPicker({ run, layer }) {
  return html`<label class="row small">
    <span class="muted">Layer</span>
    <select
      class="input input-small"
      value=${layer}
      onChange=${(/** @type {any} */ e) =>
        setQuery({ layer: Number(e.target.value) || null })}
    >
      ${layersOf(run).map(
        ({ index, name, shape }) => html`<option key=${index} value=${index}>
          ${name} (${shape})
        </option>`,
      )}
    </select>
  </label>`;
}

/** At its right end the slider stays with the newest probe as more are taken.
 * @param {{run: Run, probes: number[],
 *   probe: NonNullable<ReturnType<typeof chooseProbe>>}} props */
function ProbeSlider({ run, probes, probe }) {
  const end = probes.length - 1;
  const follows = isLive(run) ? "newest, follows the run" : "newest";
  const note = probe.newest ? follows : `${probe.index + 1} of ${probes.length}`;
  const text = `step ${format.count(probe.step)} (${note})`;
  return html`<label class="probe-slider small">
    <span class="muted">Probe</span>
    <input
      type="range"
      min="0"
      max=${end}
      step="1"
      value=${probe.index}
      disabled=${end === 0}
      aria-valuetext=${text}
      onInput=${(/** @type {any} */ e) => {
        const index = Number(e.target.value);
        setQuery({ probe: index < end ? probes[index] : null });
      }}
    />
    <output class="numbers">${text}</output>
  </label>`;
}

/** @param {{title: string, histogram: Histogram | undefined, layer: number}} props */
function HistogramFigure({ title, histogram, layer }) {
  const rows = histogram ? binsOf(histogram) : [];
  return html`<${LineChart}
    spec=${histogramSpec(title, histogram, layer)}
    hidden=${none}
    onToggle=${() => {}}
  >
    <${DataTable}
      summary="As a table"
      className="small"
      name=${`${title.toLowerCase()}, bins`}
      columns=${["low", "high", "count"]}
      rows=${rows}
    />
  <//>`;
}

/** @param {{run: Run, log: LayerLog, query: Record<string, string>}} props */
export function Histograms({ run, log, query }) {
  const last = layersOf(run).length - 1;
  const layer = Math.min(last, Math.max(0, Math.trunc(Number(query.layer)) || 0));
  const probe = chooseProbe(log.probes, query.probe);
  const found = probe && log.histogramsAt(layer, probe.step);
  return html`<section class="stack">
    <h2>Inside one layer</h2>
    <p class="muted small prose">
      How its values are spread. A healthy layer has a rounded hill; a lone spike at 0 means
      values that have died out, a pile at an end values that are stuck there.
    </p>
    ${
      probe
        ? html`<div class="row probe-controls">
              <${LayerPicker} run=${run} layer=${layer} />
              <${ProbeSlider} run=${run} probes=${log.probes} probe=${probe} />
            </div>
            <div class="charts thirds histograms">
              ${kinds.map(
                ({ key, title }) => html`<${HistogramFigure}
                  key=${key}
                  title=${title}
                  histogram=${found?.[key]}
                  layer=${layer}
                />`,
              )}
            </div>`
        : html`<p class="note muted">${noProbe(run)}</p>`
    }
  </section>`;
}

/** @param {Run} run */
export const noProbe = (run) =>
  isLive(run)
    ? "No probe yet: histograms come with the first one."
    : "No probe was taken in this run.";
