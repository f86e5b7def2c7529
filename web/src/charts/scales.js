// A chart's axes.
import { short } from "../logic/format.js";
import {
  atMostOne,
  dropUnevenEnds,
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
const heightOf = ({ log, xLog, accuracy, bars, marks, fromZero }) =>
  log && (xLog || bars)
    ? { bounds: "data", afterDataLimits: bars ? roomForMarks(marks ?? []) : widenLog }
    : {
        grace: log || accuracy ? 0 : "4%",
        beginAtZero: Boolean(fromZero),
        afterDataLimits: accuracy ? atMostOne : undefined,
      };

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
        callback: (/** @type {number} */ value) =>
          spec.whole && !Number.isInteger(value) ? "" : short(value),
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
        callback: (/** @type {number} */ value) =>
          spec.accuracy ? `${short(value * 100)} %` : short(value),
      },
    },
  };
}
