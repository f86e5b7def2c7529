// Redraws at most four times a second, however many events arrive.
import { useEffect, useRef, useState } from "preact/hooks";

const TICK_MS = 250;

/** @returns {[number, () => void]} how often it ticked, and what asks for a tick */
export function useTicker() {
  const [ticks, setTicks] = useState(0);
  const state = useRef({ last: 0, timer: /** @type {any} */ (null) });
  useEffect(() => () => clearTimeout(state.current.timer), []);
  const request = useRef(() => {
    const now = performance.now();
    if (state.current.timer !== null) return;
    const wait = Math.max(0, state.current.last + TICK_MS - now);
    state.current.timer = setTimeout(() => {
      state.current.timer = null;
      state.current.last = performance.now();
      setTicks((n) => n + 1);
    }, wait);
  });
  return [ticks, request.current];
}
