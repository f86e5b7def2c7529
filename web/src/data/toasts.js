// Messages that pass: what was done, or why it could not be.
import { createStore } from "../store.js";

/** @typedef {{id: number, text: string, undo?: () => void}} Toast */

export const toasts = createStore(/** @type {Toast[]} */ ([]));

const SHOWN_MS = 6000;
let lastId = 0;

/** @param {number} id */
export function dismiss(id) {
  toasts.set(toasts.value.filter((toast) => toast.id !== id));
}

/** @param {string} text @param {() => void} [undo] @returns {number} id, for `dismiss` */
export function toast(text, undo) {
  const id = ++lastId;
  toasts.set([...toasts.value, { id, text, undo }]);
  setTimeout(() => dismiss(id), SHOWN_MS);
  return id;
}

/** @param {unknown} error */
export function toastError(error) {
  toast(error instanceof Error ? error.message : String(error));
}
