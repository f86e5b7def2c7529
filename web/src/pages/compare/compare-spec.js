// The overlaid curves of several runs as a chart's spec.
import { metricLines } from "../../charts/lines.js";
import { axes, metrics } from "../../logic/axes.js";
import { colourOf } from "../../logic/colours.js";
import * as format from "../../logic/format.js";
import { title } from "../../logic/runs.js";
import { extent, groupBySeed, meanAndRange } from "../../logic/stats.js";

/** @typedef {import("../../charts/spec.js").Line} Line */
/** @typedef {import("../../logic/points.js").Series} Series */
/**
 * @typedef {{runs: Run[], series: Map<number, Series>, axis: Axis, metric: Metric,
 *   smoothing: number, log: boolean, grouped: boolean, lit: number | null}} Comparison
 */

/** @param {Run} run */
function lookOf(run) {
  const { index, dash } = colourOf(run.id);
  return {
    key: String(run.id),
    label: `#${run.id} ${title(run)}`,
    colour: index,
    dash,
    run: run.id,
  };
}

/** @param {Run} run @param {Comparison} view @returns {Line[]} */
function runLines(run, { series, axis, metric, smoothing }) {
  const points = series.get(run.id)?.points ?? [];
  return metricLines(points, axis, metric, smoothing, lookOf(run));
}

/** Mean as a line, range as a band, in the colour of the group's first run.
 * @param {Run[]} group @param {Comparison} view @returns {Line[]} */
function groupLines(group, view) {
  if (group.length === 1) return runLines(group[0], view);
  const points = group.map((run) => view.series.get(run.id)?.points ?? []);
  const rows = meanAndRange(points, view.axis, view.metric);
  const look = lookOf(group[0]);
  const label = `${title(group[0])}: mean of ${group.length} seeds`;
  /** @param {"low" | "high" | "mean"} part */
  const data = (part) => rows.map((row) => ({ x: row.x, y: row[part] }));
  return [
    { ...look, band: true, data: data("high") },
    { ...look, faint: true, data: data("low") },
    { ...look, label, data: data("mean") },
  ];
}

/** @param {Comparison} view @returns {import("../../charts/spec.js").Spec} */
export function compareSpec(view) {
  const { runs, series, axis, metric, log, grouped, lit } = view;
  const { label, accuracy } = metrics[metric];
  const groups = grouped ? groupBySeed(runs) : runs.map((run) => [run]);
  const all = runs.flatMap(
    (run) => series.get(run.id)?.points.map((p) => p[metric]) ?? [],
  );
  const range = extent(all);
  const show = accuracy ? format.percent : format.fixed;
  const best = range
    ? accuracy
      ? `best ${show(range[1])}`
      : `lowest ${show(range[0])}`
    : "no points";
  return {
    title: label,
    label: `${label.toLowerCase()}: ${format.plural(runs.length, "run")}, ${best}`,
    lines: groups.flatMap((group) => groupLines(group, view)),
    xTitle: axes[axis].title,
    format: show,
    accuracy,
    log,
    lit,
  };
}
