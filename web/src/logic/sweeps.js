// What a sweep's state allows, and its numbers.
import { count, forecast, isNumber } from "./format.js";

/** @param {Sweep} sweep */
export const sweepTitle = (sweep) => sweep.name || `Sweep ${sweep.id}`;

/** @param {Sweep} sweep */
export const isOpen = ({ state }) => state === "running" || state === "paused";

/** Runs that have come to an end. @param {Sweep} sweep */
export function endedRuns({ counts }) {
  const { finished, stopped, failed, diverged, pruned } = counts;
  return finished + stopped + failed + diverged + pruned;
}

/** "18 of 45 runs · about 42 s left". @param {Sweep} sweep */
export function sweepProgress(sweep) {
  const done = `${count(endedRuns(sweep))} of ${count(sweep.total_runs)} runs`;
  const left = sweep.state === "running" && isNumber(sweep.eta_seconds);
  return left ? `${done} · ${forecast(sweep.eta_seconds)} left` : done;
}

/** "2 failed, 3 diverged", or nothing. @param {Sweep} sweep */
export function troubleText({ counts }) {
  const states = /** @type {RunState[]} */ (["failed", "diverged", "pruned", "stopped"]);
  return states
    .filter((state) => counts[state] > 0)
    .map((state) => `${count(counts[state])} ${state}`)
    .join(", ");
}
