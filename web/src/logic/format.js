// Numbers, durations and dates as short text with units. "–" stands for "none".

const NONE = "–";
const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** @param {unknown} value @returns {value is number} */
export const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

/** 60,000. @param {unknown} value */
export const count = (value) => (isNumber(value) ? grouped.format(value) : NONE);

/** 1 run, 3 runs. @param {number} value @param {string} noun */
export const plural = (value, noun) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** 97.12 %. @param {unknown} fraction @param {number} [digits] */
export function percent(fraction, digits = 2) {
  return isNumber(fraction) ? `${(fraction * 100).toFixed(digits)} %` : NONE;
}

/** At most `digits` significant, without trailing zeros. @param {unknown} value */
export function short(value, digits = 4) {
  if (!isNumber(value)) return NONE;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9)
    return value
      .toExponential(digits - 1)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  if (size >= 10 ** (digits - 1)) return count(value);
  return String(Number(value.toPrecision(digits)));
}

/** A place on an x axis: whole numbers whole. @param {number} value */
export const place = (value) => (Number.isInteger(value) ? count(value) : short(value));

/** A loss, with digits that line up. @param {unknown} value */
export function fixed(value, digits = 4) {
  if (!isNumber(value)) return NONE;
  return Math.abs(value) >= 1e5 ? short(value) : value.toFixed(digits);
}

/** Every digit, as JSON writes it. @param {unknown} value */
export const exact = (value) => (isNumber(value) ? JSON.stringify(value) : NONE);

/** @param {number} value @param {string} unit */
const two = (value, unit) => `${String(Math.floor(value)).padStart(2, "0")} ${unit}`;

/** 12 ms, 0.42 s, 12.3 s, 4 min 05 s, 2 h 03 min, 3 d 04 h. @param {unknown} value */
export function seconds(value) {
  if (!isNumber(value) || value < 0) return NONE;
  if (value === 0) return "0 s";
  if (value < 0.1) return `${short(value * 1000, 2)} ms`;
  if (value < 9.995) return `${value.toFixed(2)} s`;
  if (value < 59.95) return `${value.toFixed(1)} s`;
  if (value < 3600) return `${Math.floor(value / 60)} min ${two(value % 60, "s")}`;
  if (value < 86400)
    return `${Math.floor(value / 3600)} h ${two((value % 3600) / 60, "min")}`;
  return `${Math.floor(value / 86400)} d ${two((value % 86400) / 3600, "h")}`;
}

/** Seconds to come, rounded as a forecast should be. @param {unknown} value */
export function forecast(value) {
  if (!isNumber(value)) return NONE;
  if (value < 1) return "under 1 s";
  return value < 60 ? `about ${Math.round(value)} s` : `about ${seconds(value)}`;
}

/** @param {number} value @param {string[]} units @param {number} base */
function scaled(value, units, base) {
  let i = 0;
  for (; i < units.length - 1 && value >= base; i++) value /= base;
  return `${value >= 100 || i === 0 ? value.toFixed(0) : value.toPrecision(3)} ${units[i]}`;
}

/** 312 k/s. @param {unknown} value */
export function rate(value) {
  if (!isNumber(value)) return NONE;
  return `${scaled(value, ["", "k", "M", "G"], 1000).trim()}/s`;
}

/** 1.21 MiB. @param {unknown} value */
export function bytes(value) {
  return isNumber(value) ? scaled(value, ["B", "KiB", "MiB", "GiB", "TiB"], 1024) : NONE;
}

/** 2025-03-01 14:05:09, local time. @param {unknown} text */
export function dateTime(text) {
  const date = typeof text === "string" ? new Date(text) : null;
  if (!date || Number.isNaN(date.getTime())) return NONE;
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60000);
  return local.toISOString().slice(0, 19).replace("T", " ");
}

/** A field's name as a label: batch_size -> Batch size. @param {string} name */
export function label(name) {
  const known = labels[name];
  if (known) return known;
  const words = name.replace(/_/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @type {Record<string, string>} */
const labels = {
  cpu: "Processor",
  backend: "Matrix products",
  lr: "Learning rate",
  hidden: "Hidden layers",
  init: "Initial weights",
  time_budget_s: "Time budget (s)",
  test_at: "Test the model at",
  eps: "Epsilon",
  beta1: "Beta 1",
  beta2: "Beta 2",
  grad_clip: "Gradient clipping",
  grad_norm: "Gradient norm",
  eval_every: "Measure every (steps)",
  patience: "Patience (measurements)",
  val_loss: "Validation loss",
  val_accuracy: "Validation accuracy",
  train_seconds: "Training time",
};

/** A config value as text: [128, 64] -> 128, 64; null -> none. @param {unknown} value */
export function configValue(value) {
  if (value === null || value === undefined) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length ? value.join(", ") : "none";
  return isNumber(value) ? exact(value) : String(value);
}
