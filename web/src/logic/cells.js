// One setting of a sweep: how it stands, in words.
import { formatHash } from "./url.js";

/** As many as the compare page draws. */
const COMPARED = 20;

/** Where its runs are seen: the run's page, or all of them overlaid.
 * @param {number[]} runs */
export function cellHref(runs) {
  if (runs.length === 0) return null;
  if (runs.length === 1) return formatHash(["runs", String(runs[0])]);
  return formatHash(["compare"], { ids: runs.slice(0, COMPARED).join() });
}

/** @typedef {"value" | "missed" | "diverged" | "failed" | "live" | "none"} CellLook */

/** What a cell is drawn as. @param {Cell} cell @returns {CellLook} */
export function lookOf(cell) {
  if (cell.reached) return "value";
  if (cell.counted > 0) {
    if (2 * cell.diverged >= cell.counted) return "diverged";
    return 2 * cell.failed >= cell.counted ? "failed" : "missed";
  }
  return cell.live > 0 ? "live" : "none";
}

/** How its runs ended other than well. @param {Cell} cell @returns {string[]} */
export function cellMarks(cell) {
  const missed =
    cell.counted - cell.reached_trials - cell.diverged - cell.failed - cell.pruned;
  /** @type {[number, string][]} */
  const counts = [
    [missed, "not reached"],
    [cell.diverged, "diverged"],
    [cell.failed, "failed"],
    [cell.pruned, "pruned"],
    [cell.live, "live"],
  ];
  return counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => (cell.trials === 1 ? what : `${count} ${what}`));
}
