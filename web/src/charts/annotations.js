// Lines, ranges and words that stand in a chart beside its data.
import { faded } from "./palette.js";

/** @typedef {import("./spec.js").Spec} Spec */
/** @typedef {import("./palette.js").Palette} Palette */

/** @param {Palette} palette @param {string} content */
function markLabel(palette, content) {
  return {
    display: true,
    content,
    color: palette.text,
    backgroundColor: faded(palette.surface, 0.85),
    font: { size: 11, weight: "normal" },
    padding: 3,
  };
}

/** A dashed line across the chart. @param {"x" | "y"} axis @param {number} at
 * @param {string} text @param {Palette} palette @param {"start" | "end"} [position] */
function mark(axis, at, text, palette, position = "start") {
  return {
    type: "line",
    [`${axis}Min`]: at,
    [`${axis}Max`]: at,
    borderColor: palette.muted,
    borderWidth: 1,
    borderDash: [4, 4],
    label: { ...markLabel(palette, text), position },
  };
}

/** @param {{low: number, high: number}} aim @param {Palette} palette */
function range({ low, high }, palette) {
  return {
    type: "box",
    yMin: low,
    yMax: high,
    drawTime: "beforeDatasetsDraw",
    backgroundColor: faded(palette.muted, 0.12),
    borderColor: faded(palette.muted, 0.5),
    borderWidth: 1,
    borderDash: [4, 4],
  };
}

/** @param {{x: number, y: number, text: string}} tag @param {Palette} palette */
function tagText({ x, y, text }, palette) {
  return {
    type: "label",
    xValue: x,
    yValue: y,
    content: text,
    color: palette.text,
    font: { size: 11 },
    position: { x: "start", y: "end" },
    xAdjust: 3,
    yAdjust: -1,
  };
}

/** @param {Spec} spec @param {Palette} palette @returns {Record<string, object>} */
export function annotations({ target, marks, limit, aim, tags }, palette) {
  return {
    ...Object.fromEntries(
      (marks ?? []).map(({ y, label }, i) => [
        `mark${i}`,
        mark("y", y, label, palette, i % 2 ? "end" : "start"),
      ]),
    ),
    ...(target && { target: mark("y", target.y, target.label, palette) }),
    ...(limit && { limit: mark("x", limit.x, limit.label, palette) }),
    ...(aim && { aim: range(aim, palette) }),
    ...Object.fromEntries((tags ?? []).map((tag, i) => [i, tagText(tag, palette)])),
  };
}
