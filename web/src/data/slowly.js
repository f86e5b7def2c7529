// A value that changes at most every so often, for questions that cost the server time.
import { useEffect, useRef, useState } from "preact/hooks";

/** @template T @param {T} value @param {number} ms at least between two changes
 * @returns {T} */
export function useSlowly(value, ms) {
  const [shown, setShown] = useState(value);
  const changed = useRef(performance.now());
  useEffect(() => {
    if (value === shown) return;
    const wait = Math.max(0, changed.current + ms - performance.now());
    const timer = setTimeout(() => {
      changed.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, shown]);
  return shown;
}
