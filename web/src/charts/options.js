// A Spec as Chart.js's datasets and options.
import { annotations } from "./annotations.js";
import { faded } from "./palette.js";
import { scales } from "./scales.js";
import { drawable, placeText } from "./spec.js";

/** @typedef {import("./spec.js").Spec} Spec */
/** @typedef {import("./spec.js").Line} Line */
/** @typedef {import("./palette.js").Palette} Palette */

const LIT_WIDTH = 3.5;
const WIDTH = 2;
/** Many points zigzag; a thinner line keeps them apart. */
const MANY = 500;
const THIN_WIDTH = 1.25;
const LONE_RADIUS = 3;

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
    pointRadius: line.dots ?? (line.data.length === 1 && !line.faint ? LONE_RADIUS : 0),
    showLine: !line.scattered,
    stepped: line.stepped ? "before" : false,
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
        ` ${item.raw.name ?? item.dataset.label}: ${current().format(item.parsed.y)}`,
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
    interaction: {
      mode: "nearest",
      axis: current().named ? "xy" : "x",
      intersect: false,
    },
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
