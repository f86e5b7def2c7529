// How long a sweep may take, from measured speeds. Runs may end sooner: this is the most.
import { expectedSpeed, parameterCount } from "./estimate.js";
import { isNumber, plural } from "./format.js";
import { samplesOf } from "./space.js";

/** What a field may be in this sweep. @param {SweepSpec} spec @param {Field[]} fields
 * @param {string} name @returns {unknown[]} */
function alternatives({ base, space }, fields, name) {
  const field = fields.find((candidate) => candidate.name === name);
  return space[name] && field ? samplesOf(field, space[name]) : [base[name]];
}

/** @param {number[]} numbers */
const mean = (numbers) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

/**
 * Training seconds of one run that goes on to its end, the mean over networks and batch
 * sizes; null: nothing to go by.
 * @param {SweepSpec} spec @param {number} samples that it trains on
 * @param {{fields: Field[], datasets: Dataset[], speeds: Speed[]}} data
 */
export function runSeconds(spec, samples, { fields, datasets, speeds }) {
  const names = alternatives(spec, fields, "dataset");
  const dataset = datasets.find(({ name }) => names.includes(name));
  const budgets = [spec.base.time_budget_s].filter(isNumber);
  /** @type {number[]} */
  const seconds = [];
  for (const hidden of alternatives(spec, fields, "hidden"))
    for (const batch of alternatives(spec, fields, "batch_size")) {
      const widths = [dataset?.features, ...[hidden].flat(), dataset?.classes];
      const known = widths.every(isNumber) && isNumber(batch) && batch > 0;
      const speed =
        known && expectedSpeed(speeds, parameterCount(widths), Number(batch));
      const limits = speed ? [...budgets, samples / speed.rate] : budgets;
      if (limits.length) seconds.push(Math.min(...limits));
    }
  return seconds.length ? mean(seconds) : null;
}

/**
 * Seconds on the clock for all runs; null: nothing to go by.
 * @param {SweepSpec} spec @param {SweepEstimate} estimate @param {number | null} each
 *   seconds of a run @param {number} workers
 */
export function sweepSeconds(spec, estimate, each, workers) {
  const limits = [spec.time_budget_s].filter(isNumber);
  if (each !== null) limits.push((estimate.total_runs * each) / runsAtATime(spec, workers));
  return limits.length ? Math.min(...limits) : null;
}

/** @param {SweepSpec} spec @param {number} workers */
export const runsAtATime = ({ timed, parallel }, workers) =>
  timed ? 1 : Math.max(1, Math.min(parallel ?? workers, workers));

/** "20 settings × 3 seeds = 60 runs". @param {SweepEstimate} estimate @param {number} repeats
 * @returns {[string, string]} what multiplies, and the runs */
export function countTexts({ settings, total_runs: runs }, repeats) {
  const whole = settings * repeats === runs;
  const seeds = repeats > 1 ? ` × ${repeats} seeds` : "";
  return [
    `${plural(settings, "setting")}${seeds}${whole ? "" : ", the last not under all"}`,
    plural(runs, "run"),
  ];
}
