// What the charts of the Layers tab show.
import { curve } from "../../../charts/lines.js";
import { axes } from "../../../logic/axes.js";
import { colourOf } from "../../../logic/colours.js";
import * as format from "../../../logic/format.js";
import {
  binsOf,
  layersOf,
  lostField,
  RATIO_HIGH,
  RATIO_LOW,
  seriesOf,
} from "../../../logic/layers.js";

/** @typedef {import("../../../charts/spec.js").Spec} Spec */
/** @typedef {import("../../../logic/layers.js").LayerLog} LayerLog */
/**
 * @typedef {{run: Run, log: LayerLog, axis: Axis, smoothing: number,
 *   at: (step: number) => number | null}} View  `at`: where a step stands on the axis
 */

const MAX_POINTS = 1000;

/** @param {number} layer */
function lookOf(layer) {
  const { index, dash } = colourOf(layer + 1);
  return { colour: index, dash };
}

/** @param {number} value */
const precise = (value) => format.short(value, 3);

/**
 * @param {{step: number, value: number}[]} series @param {View} view
 * @param {Omit<import("../../../charts/spec.js").Line, "data">} look
 */
function lineOf(series, { at, smoothing }, look) {
  const placed = series.flatMap(({ step, value }) => {
    const x = at(step);
    return x === null ? [] : { x, value };
  });
  const ys = placed.map(({ value }) => value);
  return curve(
    placed.map(({ x }) => x),
    ys,
    smoothing,
    look,
  );
}

/**
 * @param {View} view @param {keyof LayerPoint} name
 * @param {{title: string, only?: (layer: number) => boolean} & Partial<Spec>} more
 * @returns {Spec}
 */
function layerSpec(view, name, { only = () => true, ...more }) {
  const series = seriesOf(view.log.rows, name, MAX_POINTS);
  const show = more.format ?? precise;
  const layers = layersOf(view.run).filter(({ index }) => only(index));
  const newest = layers.flatMap(({ index, name: layer }) => {
    const last = series[index]?.at(-1);
    return last ? `${layer} ${show(last.value)}` : [];
  });
  const { title: xTitle } = axes[view.axis];
  const what = `${more.title} of ${format.plural(layers.length, "layer")} by ${xTitle}`;
  return {
    label: `${what}: ${newest.join(", ") || "no points yet"}`,
    lines: layers.flatMap(({ index, name: label }) =>
      lineOf(series[index] ?? [], view, {
        key: `layer-${index}`,
        label,
        ...lookOf(index),
      }),
    ),
    xTitle,
    format: show,
    ...more,
  };
}

/** @param {View} view */
export const ratioSpec = (view) =>
  layerSpec(view, "update_ratio", {
    title: "Update ratio",
    log: true,
    aim: { low: RATIO_LOW, high: RATIO_HIGH },
  });

/** @param {View} view */
export const gradientSpec = (view) =>
  layerSpec(view, "grad_norm", { title: "Gradient norm", log: true });

/** Null where no unit of this run can be lost. @param {View} view @returns {Spec | null} */
export function lostSpec(view) {
  const field = lostField(view.run);
  if (!field) return null;
  const hidden = view.run.config.hidden.length;
  return layerSpec(view, field, {
    title: field === "dead_fraction" ? "Dead units" : "Saturated outputs",
    only: (layer) => layer < hidden,
    accuracy: true,
    format: (value) => format.percent(value, 1),
    empty: "No probe yet",
  });
}

/** @param {View} view @returns {Spec} */
export function noiseSpec(view) {
  const series = view.log.noise.flatMap(({ step, noise_scale: value }) =>
    format.isNumber(value) ? { step, value } : [],
  );
  const batch = view.run.config.batch_size;
  const last = series.at(-1)?.value;
  const { title: xTitle } = axes[view.axis];
  return {
    title: "Gradient noise scale",
    label: `Gradient noise scale by ${xTitle}: newest ${format.short(last, 3)} samples`,
    lines: lineOf(series, view, { key: "noise", label: "Noise scale", colour: 1 }),
    xTitle,
    format: (value) => `${precise(value)} samples`,
    log: true,
    target: { y: batch, label: `batch size ${format.count(batch)}` },
    empty: "No probe yet",
  };
}

/**
 * @param {string} title @param {Histogram | undefined} histogram @param {number} layer
 * @returns {Spec}
 */
export function histogramSpec(title, histogram, layer) {
  const bins = histogram ? binsOf(histogram) : [];
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const [low, high] = [bins[0]?.low ?? 0, bins.at(-1)?.high ?? 1];
  /** @param {number} x */
  const place = (x) => {
    const bin = bins.find(({ middle }) => middle === x);
    return bin ? `${precise(bin.low)} to ${precise(bin.high)}` : precise(x);
  };
  return {
    title,
    label: bins.length
      ? `${title}: ${format.count(total)} values from ${precise(low)} to ${precise(high)}`
      : `${title}: not known at this probe`,
    lines: [
      {
        key: title,
        label: "Count",
        colour: lookOf(layer).colour,
        data: bins.map(({ middle, count }) => ({ x: middle, y: count })),
      },
    ],
    xTitle: "value",
    place,
    format: (y) => `${format.count(y)} (${format.percent(total ? y / total : 0, 1)})`,
    bars: { low, high },
    empty: "Not known at this probe",
  };
}
