// What happens inside the layers of a run: norms at every point, and now and then a probe
// that also looks at activations, histograms and the noise of the gradient.
import { isNumber, short } from "./format.js";

/** An update is best about a thousandth of the weights it changes. */
export const RATIO_LOW = 1e-4;
export const RATIO_HIGH = 1e-2;

/** @type {(keyof LayerPoint)[]} */
const probed = [
  "activation_mean",
  "activation_deviation",
  "dead_fraction",
  "saturated_fraction",
];
/** @type {(keyof LayerPoint)[]} */
export const layerFields = ["weight_norm", "grad_norm", "update_ratio", ...probed];

/** What the server answered over the life of a page. */
export class LayerLog {
  constructor() {
    /** @type {LayerPoint[]} sorted by step and layer */
    this.all = [];
    /** @type {LayerPoint[][]} by layer, sorted by step */
    this.rows = [];
    /** @type {Partial<LayerPoint>[]} by layer: the newest known value of every field */
    this.newest = [];
    /** @type {number[]} steps with histograms */
    this.probes = [];
    /** @type {NoisePoint[]} */
    this.noise = [];
    /** The newest step, -1: none. */
    this.last = -1;
    /** The newest step at which activations are known, -1: none. */
    this.lastProbe = -1;
  }

  /** What came after `last`; whatever did not is there already.
   * @param {{layers: LayerPoint[], noise?: NoisePoint[]}} answer */
  add({ layers, noise = [] }) {
    const since = this.last;
    for (const row of layers) if (row.step > since) this.addRow(row);
    const known = this.noise.at(-1)?.step ?? -1;
    this.noise.push(...noise.filter(({ step }) => step > known));
  }

  /** @param {LayerPoint} row */
  addRow(row) {
    this.all.push(row);
    (this.rows[row.layer] ??= []).push(row);
    const newest = (this.newest[row.layer] ??= {});
    const known = layerFields.filter((name) => isNumber(row[name]));
    Object.assign(newest, Object.fromEntries(known.map((name) => [name, row[name]])));
    this.last = row.step;
    if (known.some((name) => probed.includes(name))) this.lastProbe = row.step;
    if (row.histograms && this.probes.at(-1) !== row.step) this.probes.push(row.step);
  }

  /** @param {number} layer @param {number} step */
  histogramsAt(layer, step) {
    return this.rows[layer]?.find((row) => row.step === step)?.histograms ?? null;
  }
}

/**
 * The layers with names and widths ("?" where they are not known).
 * @param {Run} run @returns {{index: number, name: string, shape: string}[]}
 */
export function layersOf(run) {
  const hidden = run.config.hidden ?? [];
  const widths = run.layers ? run.layers.split("-").map(Number) : ["?", ...hidden, "?"];
  /** @param {number | string} width */
  const text = (width) => (typeof width === "number" ? short(width) : width);
  return widths.slice(1).map((width, index) => ({
    index,
    name: index < widths.length - 2 ? `Hidden ${index + 1}` : "Output",
    shape: `${text(widths[index])} → ${text(width)}`,
  }));
}

/**
 * Which share of a hidden layer's units can be lost with this activation.
 * @param {Run} run @returns {"dead_fraction" | "saturated_fraction" | null}
 */
export function lostField(run) {
  const activation = String(run.config.activation);
  if (!run.config.hidden?.length) return null;
  if (activation === "relu") return "dead_fraction";
  return ["tanh", "sigmoid"].includes(activation) ? "saturated_fraction" : null;
}

/** What to say of an update ratio that is not where it should be.
 * @param {unknown} ratio @returns {"" | "low" | "high"} */
export function ratioMark(ratio) {
  if (!isNumber(ratio)) return "";
  return ratio < RATIO_LOW ? "low" : ratio > RATIO_HIGH ? "high" : "";
}

/**
 * Where a step stands on an axis: between two points in proportion, null past the last.
 * @param {Point[]} points sorted by step @param {Axis} axis
 * @returns {(step: number) => number | null}
 */
export function placer(points, axis) {
  if (axis === "step") return (step) => step;
  return (step) => {
    let low = 0;
    let high = points.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (points[middle].step < step) low = middle + 1;
      else high = middle;
    }
    if (low === points.length) return null;
    const [from, to] = [points[low - 1], points[low]];
    const start = from?.[axis] ?? 0;
    const part = (step - (from?.step ?? 0)) / (to.step - (from?.step ?? 0));
    return to.step === step ? to[axis] : start + part * (to[axis] - start);
  };
}

/**
 * The values of one field that are known, at most about `max` a layer: where there are
 * more, the lowest and highest of each stretch, at steps that all layers share.
 * @param {LayerPoint[][]} rows @param {keyof LayerPoint} name @param {number} max
 * @returns {{step: number, value: number}[][]}
 */
export function seriesOf(rows, name, max) {
  const all = Array.from(rows, (list = []) =>
    list
      .filter((row) => isNumber(row[name]))
      .map((row) => ({ step: row.step, value: Number(row[name]) })),
  );
  if (all.every((list) => list.length <= max)) return all;
  const kept = new Set(all.flatMap((list) => extremes(list, max / (2 * all.length))));
  return all.map((list) => list.filter(({ step }) => kept.has(step)));
}

/** The steps of both ends, and of the lowest and highest of about `count` stretches.
 * @param {{step: number, value: number}[]} list @param {number} count */
function extremes(list, count) {
  const size = Math.ceil(list.length / Math.max(1, count));
  const steps = [list[0], list.at(-1)].map((item) => item?.step ?? -1);
  for (let start = 0; start < list.length; start += size) {
    const stretch = list.slice(start, start + size);
    const low = stretch.reduce((a, b) => (b.value < a.value ? b : a));
    const high = stretch.reduce((a, b) => (b.value > a.value ? b : a));
    steps.push(low.step, high.step);
  }
  return steps;
}

/**
 * The probe to show: the one asked for or the last before it; the newest by default.
 * @param {number[]} probes @param {string | undefined} wanted a step, from the address
 * @returns {{index: number, step: number, newest: boolean} | null}
 */
export function chooseProbe(probes, wanted) {
  if (probes.length === 0) return null;
  const step = wanted ? Number(wanted) : Infinity;
  const before = probes.filter((probe) => !(probe > step)).length;
  const index = Math.max(0, before - 1);
  return { index, step: probes[index], newest: !isNumber(step) };
}

/** @typedef {{low: number, high: number, middle: number, count: number}} Bin */

/** A histogram's bins; one whose values are all the same gets a little width.
 * @param {Histogram} histogram @returns {Bin[]} */
export function binsOf({ low, high, counts }) {
  const pad = high > low ? 0 : Math.max(Math.abs(low) * 0.01, 1e-6);
  const start = low - pad;
  const width = (high + pad - start) / counts.length;
  return counts.map((count, i) => ({
    low: start + i * width,
    high: start + (i + 1) * width,
    middle: start + (i + 0.5) * width,
    count,
  }));
}

/**
 * The gradient noise scale in samples: of the newest probe, and over all probes as the
 * ratio of means, which the noise of single probes moves less.
 * @param {NoisePoint[]} noise
 */
export function noiseOf(noise) {
  const known = noise.filter(
    (row) => isNumber(row.gradient_variance) && isNumber(row.gradient_squared),
  );
  /** @param {"gradient_variance" | "gradient_squared"} name */
  const sum = (name) => known.reduce((total, row) => total + Number(row[name]), 0);
  const squared = sum("gradient_squared");
  const newest = noise.at(-1);
  return {
    step: newest?.step ?? -1,
    newest: newest?.noise_scale ?? null,
    mean: squared > 0 ? sum("gradient_variance") / squared : null,
    probes: known.length,
  };
}

/**
 * The share of steps that a doubled batch saves: steps go with 1 + noise / batch
 * (McCandlish et al. 2018, equation 2.7).
 * @param {number} noise @param {number} batch
 */
export const savedByDoubling = (noise, batch) =>
  1 - (1 + noise / (2 * batch)) / (1 + noise / batch);
