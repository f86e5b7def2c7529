// Points as a chart's lines, smoothed or not.
import { smooth } from "../logic/smoothing.js";

/** @typedef {import("./spec.js").Line} Line */

/**
 * One curve; with smoothing, the raw one faint behind it.
 * @param {number[]} xs @param {(number | null)[]} ys @param {number} smoothing
 * @param {Omit<Line, "data">} look
 * @returns {Line[]}
 */
export function curve(xs, ys, smoothing, look) {
  /** @param {(number | null)[]} values */
  const data = (values) => xs.map((x, i) => ({ x, y: values[i] }));
  if (!smoothing) return [{ ...look, data: data(ys) }];
  const raw = { ...look, faint: true, data: data(ys) };
  return [raw, { ...look, data: data(smooth(ys, smoothing)) }];
}

/**
 * The curve of one metric.
 * @param {Point[]} points @param {Axis} axis @param {Metric} metric @param {number} smoothing
 * @param {Omit<Line, "data">} look
 * @returns {Line[]}
 */
export function metricLines(points, axis, metric, smoothing, look) {
  const used = points.filter((point) => typeof point[axis] === "number");
  const xs = used.map((point) => point[axis]);
  const ys = used.map((point) => point[metric] ?? null);
  return curve(xs, ys, smoothing, look);
}
