// View state that a slider changes many times a second: at once on the page, a moment
// later in the address, which browsers let a page change only so often.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

const WRITE_MS = 200;

/**
 * @template T
 * @param {string | undefined} text of the address
 * @param {(text: string | undefined) => T} read
 * @param {(value: T) => void} write into the address
 * @returns {[T, (value: T) => void]}
 */
export function useDelayed(text, read, write) {
  const [draft, setDraft] = useState(/** @type {{value: T} | null} */ (null));
  const timer = useRef(/** @type {any} */ (null));
  const stored = useMemo(() => read(text), [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  // Before the next input can come: later this would take back what that one chose.
  useLayoutEffect(() => {
    if (timer.current === null) setDraft(null);
  }, [text]);

  /** @param {T} value */
  function change(value) {
    setDraft({ value });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      timer.current = null;
      write(value);
    }, WRITE_MS);
  }
  return [draft ? draft.value : stored, change];
}
