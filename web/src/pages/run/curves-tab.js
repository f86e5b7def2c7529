// Accuracy and loss of one run as curves, and all points as a table.
import { html } from "htm/preact";
import { ChartControls, chartState, toggleLine } from "../../charts/controls.js";
import { LineChart } from "../../charts/line-chart.js";
import { metricLines } from "../../charts/lines.js";
import { PointsTable } from "../../charts/points-table.js";
import { usePoints } from "../../data/points.js";
import { axes } from "../../logic/axes.js";
import { colourOf } from "../../logic/colours.js";
import * as format from "../../logic/format.js";
import { judgedByValidation } from "../../logic/runs.js";
import { extent } from "../../logic/stats.js";
import { setQuery } from "../../router.js";

/** @typedef {import("../../charts/spec.js").Spec} Spec */
/** @typedef {{points: Point[], axis: Axis, smoothing: number, run: Run}} View */

const MAX_POINTS = 2000;
const TRAIN_DASH = [5, 3];
const VAL_SHIFT = 3;

/**
 * Train, test and, where there is one, validation, of "accuracy" or "loss".
 * @param {View} view @param {"accuracy" | "loss"} what
 */
function linesOf({ points, axis, smoothing, run }, what) {
  const { index } = colourOf(run.id);
  const looks = [
    {
      set: "train",
      label: "Train",
      colour: /** @type {const} */ ("muted"),
      dash: TRAIN_DASH,
    },
    { set: "test", label: "Test", colour: index },
    { set: "val", label: "Validation", colour: (index + VAL_SHIFT) % 8 },
  ];
  return looks.flatMap(({ set, ...look }) => {
    const metric = /** @type {Metric} */ (`${set}_${what}`);
    if (set === "val" && !judgedByValidation(run)) return [];
    return metricLines(points, axis, metric, smoothing, { key: metric, ...look });
  });
}

/** The first point with the highest accuracy. @param {View} view @returns {Spec["best"]} */
function bestOf({ points, axis, run }) {
  const metric = judgedByValidation(run) ? "val_accuracy" : "test_accuracy";
  const range = extent(points.map((point) => point[metric]));
  const point = range && points.find((candidate) => candidate[metric] === range[1]);
  return point ? { x: point[axis], y: Number(point[metric]) } : undefined;
}

/** @param {View} view @returns {Spec} */
function accuracySpec(view) {
  const { run, axis } = view;
  const best = bestOf(view);
  const target = run.config.target_accuracy;
  const text = best ? `best ${format.percent(best.y)}` : "no points yet";
  return {
    title: "Accuracy",
    label: `Accuracy of run ${run.id} by ${axes[axis].title}: ${text}`,
    lines: linesOf(view, "accuracy"),
    xTitle: axes[axis].title,
    format: format.percent,
    accuracy: true,
    best,
    target: format.isNumber(target)
      ? { y: target, label: `target ${format.percent(target, 1)}` }
      : undefined,
  };
}

/** @param {View} view @param {boolean} log @returns {Spec} */
function lossSpec(view, log) {
  const { run, axis, points } = view;
  const last = points.at(-1)?.test_loss;
  return {
    title: "Loss",
    label: `Loss of run ${run.id} by ${axes[axis].title}: last ${format.fixed(last)}`,
    lines: linesOf(view, "loss"),
    xTitle: axes[axis].title,
    format: format.fixed,
    log,
  };
}

/** Only where the learning rate changes: a flat line says nothing that its tile does not.
 * @param {View} view @returns {Spec | null} */
function rateSpec({ run, points, axis }) {
  const range = extent(points.map((point) => point.lr));
  if (!range || range[0] === range[1]) return null;
  const look = { key: "lr", label: "Learning rate", colour: colourOf(run.id).index };
  return {
    title: "Learning rate",
    label: `Learning rate of run ${run.id}: ${range[0]} to ${range[1]}`,
    lines: metricLines(points, axis, "lr", 0, look),
    xTitle: axes[axis].title,
    format: format.short,
  };
}

/** @param {{log: boolean}} props */
function LogSwitch({ log }) {
  return html`<label class="check small">
    <input
      type="checkbox"
      checked=${log}
      onChange=${(/** @type {any} */ e) => setQuery({ log: e.target.checked ? 1 : null })}
    />
    Log scale
  </label>`;
}

/** @param {{run: Run, query: Record<string, string>}} props */
export function CurvesTab({ run, query }) {
  const { axis, smoothing, hidden } = chartState(query);
  const points = usePoints([run.id], MAX_POINTS).get(run.id)?.points ?? [];
  const view = { run, points, axis, smoothing };
  const log = query.log === "1";
  const rates = rateSpec(view);
  /** @param {string} key */
  const onToggle = (key) => toggleLine(hidden, key);
  return html`<div class="stack">
    <${ChartControls} axis=${axis} smoothing=${smoothing} />
    <div class="charts">
      <${LineChart} spec=${accuracySpec(view)} hidden=${hidden} onToggle=${onToggle} />
      <${LineChart}
        spec=${lossSpec(view, log)}
        hidden=${hidden}
        onToggle=${onToggle}
        controls=${html`<${LogSwitch} log=${log} />`}
      />
    </div>
    ${rates && html`<${LineChart} spec=${rates} hidden=${hidden} onToggle=${onToggle} low />`}
    <${PointsTable}
      run=${run.id}
      points=${points}
      total=${points.length < MAX_POINTS / 2 ? 0 : (run.summary.points ?? 0)}
    />
  </div>`;
}
