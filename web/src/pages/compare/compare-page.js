// Several runs on one chart, and what differs between them.
import { html } from "htm/preact";
import { ChartControls, chartState, toggleLine } from "../../charts/controls.js";
import { LineChart } from "../../charts/line-chart.js";
import { LoadNote } from "../../components/notes.js";
import { PageTitle } from "../../components/page-title.js";
import { highlighted } from "../../data/highlight.js";
import { usePoints } from "../../data/points.js";
import { useRuns } from "../../data/runs.js";
import { metricOf, metrics } from "../../logic/axes.js";
import { parseIds } from "../../logic/url.js";
import { setQuery } from "../../router.js";
import { useStore } from "../../store.js";
import { compareSpec } from "./compare-spec.js";
import { ComparisonTable } from "./comparison-table.js";
import { RunPicker } from "./run-picker.js";

const MAX_RUNS = 20;
const MAX_POINTS = 1000;

/** @param {{metric: Metric}} props */
function MetricPicker({ metric }) {
  return html`<label class="row small">
    <span class="muted">Metric</span>
    <select
      class="input select"
      value=${metric}
      onChange=${(/** @type {any} */ e) => setQuery({ metric: e.target.value })}
    >
      ${Object.entries(metrics).map(
        ([name, { label }]) => html`<option value=${name}>${label}</option>`,
      )}
    </select>
  </label>`;
}

/** @param {{name: string, label: string, on: boolean}} props */
function Switch({ name, label, on }) {
  return html`<label class="check small">
    <input
      type="checkbox"
      checked=${on}
      onChange=${(/** @type {any} */ e) => setQuery({ [name]: e.target.checked ? 1 : null })}
    />
    ${label}
  </label>`;
}

/** @param {{ids: number[], query: Record<string, string>}} props */
function Comparison({ ids, query }) {
  const drawn = ids.slice(0, MAX_RUNS);
  const { runs: known, errors } = useRuns(drawn);
  const series = usePoints(drawn, MAX_POINTS);
  const lit = useStore(highlighted);
  const { axis, smoothing, hidden } = chartState(query);
  const runs = drawn.flatMap((id) => known.get(id) ?? []).filter((run) => !run.deleted);
  const missing = drawn.filter((id) => errors.has(id) || known.get(id)?.deleted);
  if (!runs.length && missing.length < drawn.length)
    return html`<${LoadNote} error=${null} what="the runs" />`;

  const metric = metricOf(query.metric);
  const log = query.log === "1" && !metrics[metric].accuracy;
  const grouped = query.seeds === "1";
  const spec = compareSpec({ runs, series, axis, metric, smoothing, log, grouped, lit });
  return html`<div class="stack">
    ${
      ids.length > MAX_RUNS &&
      html`<p class="note small">
      ${ids.length} runs are chosen; the first ${MAX_RUNS} are drawn and listed.
    </p>`
    }
    ${
      missing.length > 0 &&
      html`<p class="note note-bad small">
        Not found: ${missing.map((id) => `#${id}`).join(", ")}
      </p>`
    }
    <${ChartControls} axis=${axis} smoothing=${smoothing}><${MetricPicker} metric=${metric} /><//>
    <${LineChart}
      spec=${spec}
      hidden=${hidden}
      onToggle=${(/** @type {string} */ key) => toggleLine(hidden, key)}
      controls=${html`<div class="row">
        ${!metrics[metric].accuracy && html`<${Switch} name="log" label="Log scale" on=${log} />`}
        <${Switch} name="seeds" label="Mean and range over seeds" on=${grouped} />
      </div>`}
    />
    <${ComparisonTable} runs=${runs} ids=${ids} />
  </div>`;
}

/** @param {{route: import("../../logic/url.js").Route}} props */
export function ComparePage({ route }) {
  const ids = parseIds(route.query.ids);
  return html`<div class="page-head">
      <${PageTitle} title="Compare" />
      <${RunPicker} ids=${ids} />
    </div>
    ${
      ids.length
        ? html`<${Comparison} ids=${ids} query=${route.query} />`
        : html`<div class="empty card">
          <h2>No runs chosen yet</h2>
          <p>Pick runs above, or tick them in the list of runs and press Compare.</p>
          <a class="btn" href="#/">To the runs</a>
        </div>`
    }`;
}
