// What happens inside the layers: newest numbers, curves, histograms, gradient noise.
import { html } from "htm/preact";
import { ChartControls, chartState, toggleLine } from "../../../charts/controls.js";
import { DataTable } from "../../../charts/data-table.js";
import { LineChart } from "../../../charts/line-chart.js";
import { LoadNote } from "../../../components/notes.js";
import { useLayers } from "../../../data/layers.js";
import { usePoints } from "../../../data/points.js";
import { short } from "../../../logic/format.js";
import { layerFields, placer, RATIO_HIGH, RATIO_LOW } from "../../../logic/layers.js";
import { isLive } from "../../../logic/runs.js";
import { Histograms } from "./histograms.js";
import { NewestTable } from "./newest-table.js";
import { NoiseScale } from "./noise-scale.js";
import { gradientSpec, lostSpec, ratioSpec } from "./specs.js";

/** @typedef {import("./specs.js").View} View */

const MAX_POINTS = 2000;
const aimText = `${short(RATIO_LOW)} to ${short(RATIO_HIGH)}`;

/** @param {Run} run */
const isOff = (run) => run.config.diagnostics === false;

function Off() {
  return html`<p class="note">
    Diagnostics are switched off in this run's config
    (<code>"diagnostics": false</code>): no probe looks inside its layers, so there are no
    activations, histograms or gradient noise.
  </p>`;
}

/** @param {{run: Run}} props */
function Empty({ run }) {
  return html`<div class="empty">
    <p>
      ${
        isLive(run)
          ? "Nothing measured yet. The layers appear with this run's first point."
          : "This run ended before its layers were measured."
      }
    </p>
  </div>`;
}

/** @param {{view: View, hidden: Set<string>}} props */
function Curves({ view, hidden }) {
  /** @param {string} key */
  const onToggle = (key) => toggleLine(hidden, key);
  const probed = view.log.lastProbe >= 0 || (isLive(view.run) && !isOff(view.run));
  const lost = probed ? lostSpec(view) : null;
  const specs = [ratioSpec(view), gradientSpec(view), ...(lost ? [lost] : [])];
  return html`<div class="charts ${lost ? "thirds" : ""}">
    ${specs.map(
      (spec) => html`<${LineChart}
        key=${spec.title}
        spec=${spec}
        hidden=${hidden}
        onToggle=${onToggle}
        controls=${spec.aim && html`<span class="muted small">shaded: ${aimText}</span>`}
      />`,
    )}
  </div>`;
}

/** @param {{view: View}} props */
function AllRows({ view }) {
  const rows = view.log.all;
  return html`<${DataTable}
    summary=${`Layers as a table (${rows.length})`}
    name="rows"
    columns=${["step", "layer", ...layerFields]}
    rows=${rows}
  />`;
}

/** @param {{run: Run, query: Record<string, string>}} props */
export function LayersTab({ run, query }) {
  const { axis, smoothing, hidden } = chartState(query);
  const { log, loaded, error } = useLayers(run.id);
  const series = usePoints(axis === "step" ? [] : [run.id], MAX_POINTS);
  if (!loaded) return html`<${LoadNote} error=${error} what="the layers" />`;

  const at = placer(series.get(run.id)?.points ?? [], axis);
  const view = { run, log, axis, smoothing, at };
  if (log.last < 0)
    return html`${isOff(run) && html`<${Off} />`}<${Empty} run=${run} />`;
  return html`<div class="stack layers-tab">
    ${isOff(run) && html`<${Off} />`}
    <${NewestTable} run=${run} log=${log} />
    <${ChartControls} axis=${axis} smoothing=${smoothing} />
    <${Curves} view=${view} hidden=${hidden} />
    ${
      !isOff(run) &&
      html`<${Histograms} run=${run} log=${log} query=${query} />
        <${NoiseScale} view=${view} />`
    }
    <${AllRows} view=${view} />
  </div>`;
}
