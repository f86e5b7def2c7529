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
    timers.delete(id);
    remove(id, true).catch((error) => {
      setHidden([id], false);
      toastError(error);
    });
  }

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

  addEventListener("pagehide", () => {
    for (const [id, timer] of timers) {
      clearTimeout(timer);
      commit(id);
    }
  });
  return { hidden, deleteWithUndo };
}

export const { hidden: deleting, deleteWithUndo } = createDeleting("run", deleteRun);

export const { hidden: deletingSweeps, deleteWithUndo: deleteSweepsWithUndo } =
  createDeleting("sweep", deleteSweep);
