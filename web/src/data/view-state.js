// View state that changes faster than an address may: a slider under the finger. It lives
// here and follows into the address once it rests.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { same } from "../logic/config.js";
import { setQuery } from "../router.js";

const REST_MS = 250;

/**
 * @template T
 * @param {Record<string, string>} query from the address
 * @param {(query: Record<string, string>) => T} read
 * @param {(state: T) => Record<string, unknown>} write  the changes to the query
 * @returns {[T, (next: T) => void]}
 */
export function useViewState(query, read, write) {
  const [state, setState] = useState(() => read(query));
  const timer = useRef(/** @type {any} */ (null));
  const address = JSON.stringify(query);

  // At once: an effect that comes after the paint could find the timer gone by then, and
  // take back what it had yet to write.
  useLayoutEffect(() => {
    if (timer.current !== null) return;
    const next = read(query);
    setState((old) => (same(old, next) ? old : next));
  }, [address]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const change = (/** @type {T} */ next) => {
    setState(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      timer.current = null;
      setQuery(write(next));
    }, REST_MS);
  };
  return [state, change];
}
