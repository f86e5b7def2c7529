// Rounds of learning one after the other, each once the engine has answered the last.
import { useEffect, useState } from "preact/hooks";
import { prefersStillness } from "../../data/motion.js";

const PAUSE_MS = 250;

/**
 * @param {boolean} fresh  the answer to the newest numbers is there
 * @param {number} done    grows with every round
 * @param {() => void} onRound
 */
export function useRounds(fresh, done, onRound) {
  const [left, setLeft] = useState(0);
  const [pausing, setPausing] = useState(false);
  useEffect(() => {
    if (left === 0 || !fresh || pausing) return;
    setLeft(left - 1);
    setPausing(true);
    onRound();
  }, [left, fresh, pausing]);
  useEffect(() => {
    if (!pausing) return;
    const timer = setTimeout(() => setPausing(false), prefersStillness() ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [pausing, done]);
  /** A second press stops. @param {number} count */
  const start = (count) => setLeft(left > 0 ? 0 : count);
  return { left, start };
}
