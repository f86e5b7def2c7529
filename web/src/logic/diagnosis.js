// What the server found wrong with a run, in words and pictures for the page.
import { cloneBody } from "./config.js";
import { isNumber, label, plural, short } from "./format.js";
import { isLive } from "./runs.js";

/** @typedef {import("../charts/spec.js").Spec} Spec */

/** @type {Record<string, {word: string, icon: string}>} */
export const severities = {
  critical: { word: "Critical", icon: "alert" },
  warning: { word: "Warning", icon: "alert" },
};

/** @type {Record<string, {word: string, icon: string}>} */
export const statuses = {
  ok: { word: "fine", icon: "check" },
  found: { word: "found", icon: "alert" },
  unknown: { word: "not measured", icon: "clock" },
};

/** "3 things found, most telling first". @param {Diagnosis} diagnosis @param {Run} run */
export function headline({ findings, checks }, run) {
  const soFar = isLive(run) ? " so far" : "";
  if (findings.length > 1)
    return `${plural(findings.length, "thing")} found${soFar}, the cause to mend first on top`;
  if (findings.length === 1) return `One thing found${soFar}`;
  const known = checks.filter(({ status }) => status !== "unknown").length;
  return `Nothing wrong found${soFar} (${known} of ${plural(checks.length, "check")} made)`;
}

/** "largest update ratio 0.0000018". @param {Measured} measured */
export function measuredText({ name, value, unit }) {
  const number = isNumber(value) ? short(value, 3) : "not a finite number";
  return `${name} ${number}${unit ? ` ${unit}` : ""}`;
}

/** @param {unknown} value */
const valueText = (value) =>
  value === null || value === undefined
    ? "none"
    : Array.isArray(value)
      ? value.join("-") || "none"
      : String(value);

/** What a fix changes: [{label, from, to}]. @param {Record<string, unknown>} patch
 * @param {Run} run */
export const changesOf = (patch, run) =>
  Object.entries(patch).map(([name, to]) => ({
    name,
    label: label(name),
    from: valueText(run.config[name]),
    to: valueText(to),
  }));

/** The same run with some fields changed. @param {Run} run
 * @param {Record<string, unknown>} patch */
export function patchedBody(run, patch) {
  const body = cloneBody(run);
  const name = body.name ? { name: `${body.name} (mended)` } : {};
  return { ...body, ...patch, ...name };
}

const SHOWN_NAME = 160;

/** The run on one batch, again and again. @param {Run} run @param {Diagnosis} diagnosis */
export function oneBatchBody(run, { one_batch }) {
  const name = run.name || `Run ${run.id}`;
  return {
    ...cloneBody(run),
    ...one_batch.patch,
    name: `One batch of ${name.slice(0, SHOWN_NAME)}`,
    tags: ["overfit-one-batch"],
  };
}

/** "layer 2" stands at 2. @param {Evidence} evidence */
const placesOf = ({ series: [{ x }] }) =>
  x.map((place, i) => (typeof place === "string" ? i + 1 : place));

/** @param {Evidence} evidence @returns {Spec} */
export function specOf(evidence) {
  const { kind, title, x_title, y_title, log, series, marks } = evidence;
  const at = placesOf(evidence);
  const last = series[0].y.filter(isNumber).at(-1);
  return {
    title,
    label: `${title} by ${x_title}: ${plural(at.length, "value")}, the last ${short(last)}`,
    xTitle: x_title,
    yTitle: y_title,
    format: (y) => short(y),
    log,
    bars: kind === "bars" ? { low: 0.5, high: Math.max(...at) + 0.5 } : undefined,
    whole: kind === "bars",
    marks: marks.flatMap((mark) =>
      isNumber(mark.value) ? { y: mark.value, label: mark.label } : [],
    ),
    lines: series.map((one, i) => ({
      key: one.label,
      label: one.label,
      colour: i === 0 ? 1 : 0,
      data: at.map((x, j) => ({ x, y: isNumber(one.y[j]) ? one.y[j] : null })),
    })),
  };
}

/** Rows of the table behind a chart. @param {Evidence} evidence */
export function rowsOf({ series, x_title }) {
  return series[0].x.map((x, i) => ({
    [x_title]: x,
    ...Object.fromEntries(series.map(({ label: name, y }) => [name, y[i]])),
  }));
}

/** What the one-batch run says so far. @param {Run} batch @param {number} best
 * @param {number} goal */
export function verdictOf(batch, best, goal) {
  if (best >= goal) return "yes";
  return isLive(batch) ? "waiting" : "no";
}

/** Runs that ended short of what they were for. @param {Run} run */
export function isDisappointing(run) {
  if (isLive(run) || run.state === "failed" || run.state === "stopped") return false;
  if (run.state === "diverged") return true;
  const wanted = run.config.target_accuracy;
  return isNumber(wanted) && run.summary.time_to_target == null;
}
