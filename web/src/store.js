// A value that components can watch.
import { useEffect, useState } from "preact/hooks";

/**
 * @template T
 * @typedef {{value: T, set: (value: T) => void,
 *   subscribe: (listener: (value: T) => void) => () => void}} Store
 */

/** @template T @param {T} initial @returns {Store<T>} */
export function createStore(initial) {
  /** @type {Set<(value: T) => void>} */
  const listeners = new Set();
  return {
    value: initial,
    set(value) {
      this.value = value;
      for (const listener of listeners) listener(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** @template T @param {Store<T>} store @returns {T} */
export function useStore(store) {
  const [, redraw] = useState({});
  useEffect(() => store.subscribe(() => redraw({})), [store]);
  return store.value;
}
