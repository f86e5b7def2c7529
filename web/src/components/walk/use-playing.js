// Steps by itself while it plays. Who asks for less motion gets the end at once.
import { useEffect, useState } from "preact/hooks";
import { prefersStillness } from "../../data/motion.js";

const STEP_MS = 900;
/** Long walks hurry. */
const LONGEST_MS = 45000;

/**
 * @param {number} index @param {number} last @param {(index: number) => void} go
 * @returns {{playing: boolean, name: string, toggle: () => void}} `name` of the button
 */
export function usePlaying(index, last, go) {
  const [playing, setPlaying] = useState(false);
  const still = prefersStillness();
  useEffect(() => {
    if (!playing) return;
    if (index >= last) return setPlaying(false);
    const pause = Math.min(STEP_MS, LONGEST_MS / last);
    const timer = setTimeout(() => go(index + 1), pause);
    return () => clearTimeout(timer);
  }, [playing, index, last]);
  const toggle = () => {
    if (still) return go(last);
    if (!playing && index >= last) go(0);
    setPlaying(!playing);
  };
  const name = still ? "To the end" : playing ? "Pause" : "Play";
  return { playing: playing && !still, name, toggle };
}
