// A chart's axes.
import { short } from "../logic/format.js";
import {
  airAround,
  dropUnevenEnds,
  keepToShares,
  roomForMarks,
  roundLogTicks,
  widenLog,
} from "./ticks.js";

/** @typedef {import("./spec.js").Spec} Spec */
/** @typedef {import("./palette.js").Palette} Palette */

/** @param {Palette} palette */
function axis(palette) {
  return {
    grid: { color: palette.grid, tickColor: palette.grid },
    border: { color: palette.grid },
    ticks: {
      color: palette.muted,
      maxRotation: 0,
      autoSkipPadding: 16,
      font: { size: 11 },
    },
  };
}

/** Lines start at zero, where an axis has one; bars fill the axis from end to end.
 * @param {Spec} spec */
const rangeOf = ({ bars, xLog }) =>
  bars
    ? { min: bars.low, max: bars.high, offset: false }
    : { bounds: "data", beginAtZero: !xLog, afterDataLimits: xLog && widenLog };

/** Curves between two log axes fill the chart; bars on one need something to stand on.
 * @param {Spec} spec */
function heightOf({ log, xLog, accuracy, bars, marks, fromZero, top }) {
  if (log && bars) return { bounds: "data", afterDataLimits: roomForMarks(marks ?? []) };
  if (log) return xLog ? { bounds: "data", afterDataLimits: widenLog } : {};
  const foot = { beginAtZero: Boolean(fromZero || bars) };
  return accuracy
    ? { ...foot, afterDataLimits: keepToShares }
    : { ...foot, max: top, afterDataLimits: airAround(top) };
}

/** @param {Spec} spec @param {number} value */
function tickText({ whole, place }, value) {
  if (!whole) return short(value);
  return Number.isInteger(value) ? (place ?? short)(value) : "";
}

/** @param {Spec} spec @param {Palette} palette */
export function scales(spec, palette) {
  const x = axis(palette);
  const y = axis(palette);
  const title = {
    display: true,
    text: spec.xTitle,
    color: palette.muted,
    font: { size: 11 },
  };
  return {
    x: {
      ...x,
      ...rangeOf(spec),
      type: spec.xLog ? "logarithmic" : "linear",
      grid: { ...x.grid, offset: false },
      title,
      afterBuildTicks: spec.xLog ? roundLogTicks : dropUnevenEnds,
      ticks: {
        ...x.ticks,
        maxTicksLimit: 9,
        precision: spec.whole ? 0 : undefined,
        callback: (/** @type {number} */ value) => tickText(spec, value),
      },
    },
    y: {
      ...y,
      type: spec.log ? "logarithmic" : "linear",
      title: { ...title, display: Boolean(spec.yTitle), text: spec.yTitle ?? "" },
      ...heightOf(spec),
      afterBuildTicks: spec.log ? roundLogTicks : undefined,
      ticks: {
        ...y.ticks,
        maxTicksLimit: 7,
        stepSize: spec.top && spec.top / 4,
        callback: (/** @type {number} */ value) =>
          spec.accuracy ? `${short(value * 100)} %` : short(value),
      },
    },
  };
}
