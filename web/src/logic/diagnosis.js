// What the server found wrong with a run, in words and pictures for the page.
import { cloneBody } from "./config.js";
import { count, isNumber, label, place, plural, short } from "./format.js";
import { isLive } from "./runs.js";

/** @typedef {import("../charts/spec.js").Spec} Spec */

/** @type {Record<string, {word: string, icon: string}>} */
export const severities = {
  critical: { word: "Critical", icon: "critical" },
  warning: { word: "Warning", icon: "alert" },
  note: { word: "Note", icon: "info" },
};

/** @type {Record<string, {word: string, icon: string}>} */
export const statuses = {
  ok: { word: "fine", icon: "check" },
  found: { word: "found", icon: "alert" },
  unknown: { word: "not measured", icon: "clock" },
};

/** While more is to come, what is not known may be soon.
 * @param {Check} check @param {boolean} live */
export function statusOf({ status }, live) {
  const known = statuses[status] ?? statuses.unknown;
  return live && known === statuses.unknown ? { ...known, word: "not known yet" } : known;
}

/** "3 things found, most telling first". @param {Diagnosis} diagnosis @param {Run} run */
export function headline({ findings, checks }, run) {
  const soFar = isLive(run) ? " so far" : "";
  const things = plural(findings.length, "thing");
  if (findings.length > 1)
    return `${things} found${soFar}, the cause to mend first on top`;
  if (findings.length === 1) return `One thing found${soFar}`;
  const known = checks.filter(({ status }) => status !== "unknown").length;
  const made = `${known} of ${plural(checks.length, "check")} made`;
  return `Nothing wrong found${soFar} (${made})`;
}

/** What the answer is about. @param {Diagnosis} diagnosis @param {Run} run */
export function asOf({ step, samples }, run) {
  if (step > 0) return `After step ${count(step)} (${plural(samples, "sample")})`;
  const first = "what stands here is about the data and the first weights";
  return isLive(run)
    ? `Nothing measured yet: ${first}`
    : `This run ended before anything was measured: ${first}`;
}

/** "12 fine, 2 found, 5 not measured". @param {Check[]} checks @param {boolean} live */
export function tally(checks, live) {
  return ["ok", "found", "unknown"]
    .map((status) => checks.filter((check) => check.status === status))
    .flatMap((list) => (list[0] ? `${list.length} ${statusOf(list[0], live).word}` : []))
    .join(", ");
}

/** "463 ×", "98.4 %". @param {Measured} measured */
export function amountText({ value, unit }) {
  if (!isNumber(value)) return "not a finite number";
  return [short(value, 3), unit.replace(/^x\b/, "×")].filter(Boolean).join(" ");
}

/** "largest update ratio: 0.0000018". @param {Measured} measured */
export const measuredText = (measured) => `${measured.name}: ${amountText(measured)}`;

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

const SHOWN_NAME = 160;

/** The beginning of a name, characters whole. @param {string} name */
const shortened = (name) => [...name].slice(0, SHOWN_NAME).join("");

const MENDED = " (mended)";

/** The same run with some fields changed. @param {Run} run
 * @param {Record<string, unknown>} patch */
export function patchedBody(run, patch) {
  const body = cloneBody(run);
  const name = String(body.name ?? "");
  const mended = name.endsWith(MENDED) ? name : `${shortened(name)}${MENDED}`;
  return { ...body, ...patch, ...(name ? { name: mended } : {}) };
}

/** The run on one batch, again and again.
 * @param {Run} run @param {Diagnosis} diagnosis */
export function oneBatchBody(run, { one_batch }) {
  const name = run.name || `Run ${run.id}`;
  return {
    ...cloneBody(run),
    ...one_batch.patch,
    name: `One batch of ${shortened(name)}`,
    tags: ["overfit-one-batch"],
  };
}

/** Where bars stand: those with names side by side. @param {(number | string)[]} xs */
const placesOf = (xs) => xs.map((x, i) => (typeof x === "string" ? i + 1 : x));

/** Of shares in per cent, none is above the whole. @param {Evidence} evidence */
const topOf = ({ kind, y_title }) =>
  kind === "bars" && y_title.startsWith("%") ? 100 : undefined;

/** What a person who does not see the chart is told. @param {Evidence} evidence */
function labelOf({ title, x_title, series, marks }) {
  const ends = series.map(({ label: name, y }) => {
    const known = y.filter(isNumber);
    return `${name} ${short(known[0], 3)} at first, ${short(known.at(-1), 3)} at the end`;
  });
  const parts = [...ends, ...marks.map((mark) => mark.label)];
  return `${title} by ${x_title}: ${parts.join("; ")}`;
}

/** @param {Evidence} evidence @returns {Spec} */
export function specOf(evidence) {
  const { kind, title, x_title, y_title, log, series, marks } = evidence;
  const names = series[0]?.x ?? [];
  const at = placesOf(names);
  return {
    title,
    label: labelOf(evidence),
    xTitle: x_title,
    yTitle: y_title,
    format: (y) => short(y),
    place: (x) => {
      const name = names[at.indexOf(x)];
      return typeof name === "string" ? name.replace(`${x_title} `, "") : place(x);
    },
    log,
    top: topOf(evidence),
    bars: kind === "bars" ? { low: 0.5, high: Math.max(0, ...at) + 0.5 } : undefined,
    whole: kind === "bars" || x_title === "step",
    marks: marks.flatMap((mark) =>
      isNumber(mark.value) ? { y: mark.value, label: mark.label } : [],
    ),
    lines: series.map(({ label: name, x: xs, y: ys }, i) => ({
      key: name,
      label: name,
      colour: i === 0 ? 1 : 0,
      data: placesOf(xs).map((x, j) => ({ x, y: ys[j] ?? null })),
    })),
  };
}

/** Rows of the table behind a chart. @param {Evidence} evidence */
export function rowsOf({ series, x_title }) {
  return (series[0]?.x ?? []).map((x, i) => ({
    [x_title]: x,
    ...Object.fromEntries(series.map(({ label: name, y }) => [name, y[i]])),
  }));
}

/**
 * What the one-batch run says so far. Ended by hand or by a failure, it says nothing; and
 * a "no" waits until its last point is here.
 * @param {Run} batch @param {Point[]} points @param {number} goal
 * @returns {{verdict: "yes" | "no" | "waiting" | "cut", best: number, step: number}}
 */
export function verdictOf(batch, points, goal) {
  const best = Math.max(0, ...points.map((point) => Number(point.train_accuracy ?? 0)));
  const step = points.at(-1)?.step ?? 0;
  const complete = step >= Number(batch.summary.last_step ?? 0);
  const ended = ["finished", "diverged"].includes(batch.state) ? "no" : "cut";
  const verdict =
    best >= goal ? "yes" : isLive(batch) || !complete ? "waiting" : ended;
  return { verdict, best, step };
}

/** Runs that may have ended short of what they were for: without a target, only asking
 * tells. @param {Run} run */
export function isDisappointing(run) {
  if (isLive(run) || run.state === "failed" || run.state === "stopped") return false;
  return !isNumber(run.config.target_accuracy) || run.summary.time_to_target == null;
}
