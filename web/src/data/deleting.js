// Deleting with a way back: things vanish at once, the server is told when the time to
// undo is over, or when the page closes.
import { deleteRun, deleteSweep } from "../api.js";
import { plural } from "../logic/format.js";
import { createStore } from "../store.js";
import { dismiss, toast, toastError } from "./toasts.js";

const UNDO_MS = 6000;

/**
 * @param {string} noun "run" @param {(id: number, keepalive: boolean) => Promise<unknown>}
 *   remove tells the server
 */
function createDeleting(noun, remove) {
  /** Ids that are not shown any more. */
  const hidden = createStore(/** @type {ReadonlySet<number>} */ (new Set()));
  /** @type {Map<number, ReturnType<typeof setTimeout>>} */
  const timers = new Map();

  /** @param {number[]} ids @param {boolean} hide */
  function setHidden(ids, hide) {
    const next = new Set(hidden.value);
    for (const id of ids) hide ? next.add(id) : next.delete(id);
    hidden.set(next);
  }

  /** @param {number} id */
  function commit(id) {
    clearTimeout(timers.get(id));
    timers.delete(id);
    return remove(id, true).catch((error) => {
      setHidden([id], false);
      toastError(error);
    });
  }

  /** Tells the server at once of all that is only hidden so far. */
  const settle = () => Promise.all([...timers.keys()].map(commit));

  /** @param {number[]} ids */
  function deleteWithUndo(ids) {
    setHidden(ids, true);
    for (const id of ids)
      timers.set(
        id,
        setTimeout(() => commit(id), UNDO_MS),
      );
    const one = `${noun[0].toUpperCase()}${noun.slice(1)} ${ids[0]}`;
    const what = ids.length === 1 ? one : plural(ids.length, noun);
    const shown = toast(`${what} deleted`, () => {
      for (const id of ids) {
        clearTimeout(timers.get(id));
        timers.delete(id);
      }
      setHidden(ids, false);
      dismiss(shown);
    });
  }

  addEventListener("pagehide", settle);
  return { hidden, deleteWithUndo, settle };
}

const runs = createDeleting("run", deleteRun);
const sweeps = createDeleting("sweep", deleteSweep);

export const { hidden: deleting, deleteWithUndo } = runs;
export const { hidden: deletingSweeps, deleteWithUndo: deleteSweepsWithUndo } = sweeps;

/** Before what depends on them: nothing that is gone from the page stands in its way. */
export const settleDeletions = () => Promise.all([runs.settle(), sweeps.settle()]);
