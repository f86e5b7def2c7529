// A Spec as Chart.js's datasets and options.
import { short } from "../logic/format.js";
import { faded } from "./palette.js";
import { drawable, placeText } from "./spec.js";
import { atMostOne, dropUnevenEnds, roundLogTicks } from "./ticks.js";

/** @typedef {import("./spec.js").Spec} Spec */
/** @typedef {import("./spec.js").Line} Line */
/** @typedef {import("./palette.js").Palette} Palette */

const LIT_WIDTH = 3.5;
const WIDTH = 2;
/** Many points zigzag; a thinner line keeps them apart. */
const MANY = 500;
const THIN_WIDTH = 1.25;

/** @param {Line} line @param {Spec} spec @param {Palette} palette */
function dataset(line, spec, palette) {
  const colour = line.colour === "muted" ? palette.muted : palette.runs[line.colour];
  const alpha = line.band ? 0 : line.faint ? 0.28 : 1;
  const width = line.data.length > MANY ? THIN_WIDTH : WIDTH;
  const lit = line.run !== undefined && line.run === spec.lit;
  return {
    label: line.label,
    data: drawable(line, spec.log),
    borderColor: alpha < 1 ? faded(colour, alpha) : colour,
    backgroundColor: line.band ? faded(colour, 0.16) : colour,
    fill: line.band ? "+1" : false,
    borderWidth: line.faint ? 1 : lit ? LIT_WIDTH : width,
    borderDash: line.faint ? [] : (line.dash ?? []),
    pointRadius: line.data.length === 1 && !line.faint ? 3 : 0,
    faint: Boolean(line.faint || line.band),
  };
}

/** A ring around the best point. It may stand on the chart's edge, so it is not clipped.
 * @param {{x: number, y: number}} best @param {Palette} palette */
function bestMarker(best, palette) {
  return {
    data: [best],
    borderColor: palette.text,
    backgroundColor: palette.surface,
    borderWidth: 2,
    pointRadius: 4,
    pointHoverRadius: 4,
    clip: 8,
    order: -1,
    faint: true,
  };
}

/** @param {Line} line @param {Palette} palette */
function barDataset(line, palette) {
  const colour = line.colour === "muted" ? palette.muted : palette.runs[line.colour];
  return {
    label: line.label,
    data: line.data,
    backgroundColor: colour,
    barPercentage: 0.9,
    categoryPercentage: 1,
  };
}

/** @param {Spec} spec @param {Palette} palette @returns {object[]} */
export function datasets(spec, palette) {
  if (spec.bars) return spec.lines.map((line) => barDataset(line, palette));
  const lines = spec.lines.map((line) => dataset(line, spec, palette));
  return spec.best ? [...lines, bestMarker(spec.best, palette)] : lines;
}

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

/** The target line and the range to aim for. @param {Spec} spec @param {Palette} palette */
export function annotations({ target, aim }, palette) {
  const line = target && {
    type: "line",
    yMin: target.y,
    yMax: target.y,
    borderColor: palette.muted,
    borderWidth: 1,
    borderDash: [4, 4],
    label: { ...markLabel(palette, target.label), position: "start" },
  };
  const box = aim && {
    type: "box",
    yMin: aim.low,
    yMax: aim.high,
    drawTime: "beforeDatasetsDraw",
    backgroundColor: faded(palette.muted, 0.12),
    borderColor: faded(palette.muted, 0.5),
    borderWidth: 1,
    borderDash: [4, 4],
  };
  return { ...(line && { target: line }), ...(box && { aim: box }) };
}

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

/** Lines start at zero; bars fill the axis from end to end.
 * @param {Spec} spec */
const rangeOf = ({ bars }) =>
  bars
    ? { min: bars.low, max: bars.high, offset: false }
    : { bounds: "data", beginAtZero: true };

/** @param {Spec} spec @param {Palette} palette */
function scales(spec, palette) {
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
      type: "linear",
      grid: { ...x.grid, offset: false },
      title,
      afterBuildTicks: dropUnevenEnds,
      ticks: {
        ...x.ticks,
        maxTicksLimit: 9,
        callback: (/** @type {number} */ value) => short(value),
      },
    },
    y: {
      ...y,
      type: spec.log ? "logarithmic" : "linear",
      grace: spec.log || spec.accuracy ? 0 : "4%",
      afterDataLimits: spec.accuracy ? atMostOne : undefined,
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

/** @param {() => Spec} current @param {Palette} palette */
function tooltip(current, palette) {
  return {
    backgroundColor: palette.surface,
    titleColor: palette.text,
    bodyColor: palette.text,
    borderColor: palette.grid,
    borderWidth: 1,
    padding: 8,
    boxPadding: 4,
    filter: (/** @type {any} */ item) => !item.dataset.faint,
    callbacks: {
      title: (/** @type {any[]} */ items) =>
        items.length ? placeText(current(), items[0].parsed.x) : "",
      label: (/** @type {any} */ item) =>
        ` ${item.dataset.label}: ${current().format(item.parsed.y)}`,
    },
  };
}

/** @param {() => void} zoomed @param {boolean} enabled */
function zooming(zoomed, enabled) {
  return {
    limits: { x: { min: "original", max: "original" } },
    zoom: {
      mode: "x",
      drag: { enabled, threshold: 6, backgroundColor: "rgba(99, 102, 241, 0.18)" },
      wheel: { enabled, modifierKey: "ctrl" },
      onZoomComplete: zoomed,
    },
  };
}

/**
 * @param {() => Spec} current  the latest spec: tooltips outlive updates
 * @param {Palette} palette
 * @param {() => void} zoomed
 * @returns {any}
 */
export function options(current, palette, zoomed) {
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    spanGaps: false,
    layout: { padding: { right: 6 } },
    interaction: { mode: "nearest", axis: "x", intersect: false },
    elements: {
      point: { radius: 0, hoverRadius: 4, hitRadius: 6 },
      line: { tension: 0 },
    },
    scales: scales(current(), palette),
    plugins: {
      legend: { display: false },
      tooltip: tooltip(current, palette),
      annotation: { annotations: annotations(current(), palette) },
      zoom: zooming(zoomed, !current().bars),
    },
  };
}
