// Deleting with a way back: runs vanish at once, the server is told when the time to
// undo is over, or when the page closes.
import { deleteRun } from "../api.js";
import { plural } from "../logic/format.js";
import { createStore } from "../store.js";
import { dismiss, toast, toastError } from "./toasts.js";

const UNDO_MS = 6000;

/** Runs that are not shown any more. */
export const deleting = createStore(/** @type {ReadonlySet<number>} */ (new Set()));

/** @type {Map<number, ReturnType<typeof setTimeout>>} */
const timers = new Map();

/** @param {number[]} ids @param {boolean} hidden */
function hide(ids, hidden) {
  const next = new Set(deleting.value);
  for (const id of ids) hidden ? next.add(id) : next.delete(id);
  deleting.set(next);
}

/** @param {number} id */
function commit(id) {
  timers.delete(id);
  deleteRun(id, true).catch((error) => {
    hide([id], false);
    toastError(error);
  });
}

/** @param {number[]} ids */
export function deleteWithUndo(ids) {
  hide(ids, true);
  for (const id of ids)
    timers.set(
      id,
      setTimeout(() => commit(id), UNDO_MS),
    );
  const what =
    ids.length === 1 ? `Run ${ids[0]} deleted` : `${plural(ids.length, "run")} deleted`;
  const shown = toast(what, () => {
    for (const id of ids) {
      clearTimeout(timers.get(id));
      timers.delete(id);
    }
    hide(ids, false);
    dismiss(shown);
  });
}

addEventListener("pagehide", () => {
  for (const [id, timer] of timers) {
    clearTimeout(timer);
    commit(id);
  }
});
