// Where a run is going, in words.
import { isNumber, percent, seconds } from "./format.js";
import { targetText } from "./objectives.js";

/** Below this many points nothing is said. */
const LEAST_POINTS = 4;
/** A chance below this is none. */
const NO_CHANCE = 0.05;

/** "0.30–0.60 s": the unit once where both have the same.
 * @param {number} low @param {number} high */
function secondsRange(low, high) {
  const [from, to] = [seconds(low), seconds(high)];
  const same = from.split(" ").length === 2 && from.split(" ")[1] === to.split(" ")[1];
  return `${same ? from.split(" ")[0] : from}–${to}`;
}

/** A chance without more digits than it has; never quite certain. @param {number} chance */
const chanceText = (chance) =>
  chance > 0.99 ? "chance over 99 %" : `chance ${percent(chance, 0)}`;

/** Curves may overshoot what an accuracy can be. @param {number} accuracy */
const accuracyText = (accuracy) => percent(Math.min(1, Math.max(0, accuracy)), 1);

/** @param {Projection} projection */
const levelText = ({ level, level_low: low, level_high: high }) =>
  `levels off near ${accuracyText(level)} (${accuracyText(low)} to ${accuracyText(high)})`;

/** @param {Projection} projection @param {number} target */
function towards(projection, target) {
  const { reached, chance, seconds: at, seconds_low: low, seconds_high: high } = projection;
  const goal = targetText(target);
  if (reached) return `${goal} reached after ${seconds(at)}`;
  if (chance < NO_CHANCE)
    return `levels off near ${accuracyText(projection.level)}: will not reach ${goal}`;
  if (!isNumber(at) || !isNumber(low) || !isNumber(high))
    return `${goal}: ${chanceText(chance)}, ${levelText(projection)}`;
  return `${goal} in ${seconds(at)} (${secondsRange(low, high)}), ${chanceText(chance)}`;
}

/**
 * @param {ProjectionAnswer | null} answer
 * @param {number | null} target the run's own
 * @returns {string} "" where there is nothing to say
 */
export function projectionText(answer, target) {
  if (!answer) return "";
  const { points, projection } = answer;
  if (projection)
    return isNumber(target) ? towards(projection, target) : levelText(projection);
  return points < LEAST_POINTS
    ? `too early to say (${points} of ${LEAST_POINTS} points)`
    : "";
}

/**
 * Training seconds that are left: to the target, where the run stops there and that is
 * sooner than its planned end.
 * @param {Run} run @param {ProjectionAnswer | null} answer
 * @returns {number | null}
 */
export function secondsLeft({ config, summary }, answer) {
  const planned = isNumber(summary.eta_seconds) ? summary.eta_seconds : null;
  const projection = answer?.projection;
  const stops = config.stop_at_target === true && isNumber(config.target_accuracy);
  if (!stops || !projection || projection.chance < 0.5) return planned;
  const { seconds: at } = projection;
  if (!isNumber(at) || !isNumber(summary.train_seconds)) return planned;
  const left = Math.max(0, at - summary.train_seconds);
  return planned === null ? left : Math.min(planned, left);
}
