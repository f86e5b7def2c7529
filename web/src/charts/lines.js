// Points as a chart's lines, smoothed or not.
import { smooth } from "../logic/smoothing.js";

/** @typedef {import("./spec.js").Line} Line */

/**
 * The line of one metric; with smoothing, the raw line faint behind it.
 * @param {Point[]} points @param {Axis} axis @param {Metric} metric @param {number} smoothing
 * @param {Omit<Line, "data">} look
 * @returns {Line[]}
 */
export function metricLines(points, axis, metric, smoothing, look) {
  const used = points.filter((point) => typeof point[axis] === "number");
  const values = used.map((point) => point[metric] ?? null);
  /** @param {(number | null)[]} ys */
  const at = (ys) => used.map((point, i) => ({ x: point[axis], y: ys[i] }));
  if (!smoothing) return [{ ...look, data: at(values) }];
  const raw = { ...look, faint: true, data: at(values) };
  return [raw, { ...look, data: at(smooth(values, smoothing)) }];
}
