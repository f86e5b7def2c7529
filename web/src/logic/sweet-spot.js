// The sweet spot of batch size, in words.
import * as format from "./format.js";
import { batchCosts } from "./trials.js";

/** @typedef {import("./sweep-view.js").View} View */

const LEAST_SIZES = 3;
/** A noise scale within this factor of the critical batch size agrees with it. */
const AGREES = 2;

/** Why there is nothing to see. @param {View} view */
export function absentReason({ analysis, goal }) {
  if (goal.objective !== "time_to_target")
    return "Steps against samples needs a target to reach: look for the time to target.";
  if (!analysis.parameters.some(({ name }) => name === "batch_size"))
    return "Steps against samples needs the batch size among the parameters of the sweep.";
  const sizes = new Set(batchCosts(analysis, goal).map((cost) => cost.batch_size)).size;
  return sizes < LEAST_SIZES
    ? `Steps against samples needs at least ${LEAST_SIZES} batch sizes that reach the target; so far ${
        ["none does", "1 does", "2 do"][sizes]
      }.`
    : "The batch sizes that reach the target follow no curve that could be fitted.";
}

/** "about 120 samples (95 % interval 90 to 160)". @param {Estimate} estimate */
export const criticalText = ({ value, low, high }) =>
  `about ${format.plural(Math.round(value), "sample")} (95 % interval ${format.count(
    Math.round(low),
  )} to ${format.count(Math.round(high))})`;

/** How the noise scale compares. @param {SweetSpot} spot */
export function noiseText({ noise_scale: noise, critical_batch: critical }) {
  if (!format.isNumber(noise) || !(noise > 0))
    return "The gradient noise scale, which should be about as large, was not recorded.";
  const factor = Math.max(noise / critical.value, critical.value / noise);
  const times = format.short(factor, 2);
  const verdict =
    factor <= AGREES
      ? `agrees with it within a factor of ${times}`
      : `differs from it by a factor of ${times}`;
  return `The gradient noise scale that these runs recorded, ${format.short(noise, 3)} samples, ${verdict}.`;
}

/** @param {number | null} ratio */
const moreText = (ratio) =>
  ratio === null
    ? "was not tried"
    : ratio <= 1.005
      ? "costs no more"
      : `costs ${Math.round((ratio - 1) * 100)} % more time`;

/** What the fit forecasts, and what it costs to be wrong. @param {SweetSpot} spot */
export function forecastText({ best, half_ratio: half, double_ratio: double }) {
  const size = format.count(Math.round(best.batch_size));
  return `With the measured time of a step, batch ${size} should be the soonest: ${format.seconds(
    best.seconds,
  )}. Half of it ${moreText(half)}, double of it ${moreText(double)}.`;
}

export const READING =
  "Each point is one batch size with its best other parameters. Small batches stand at the " +
  "right (many steps, few samples), large ones at the top (few steps, many samples); at the " +
  "bend, the critical batch size, both are within a factor of two of the least there is.";
