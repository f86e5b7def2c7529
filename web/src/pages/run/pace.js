// The server forecasts training seconds. A person waits longer: measuring, recording and
// other runs take their share. How much longer is seen while the page stands.
import { useRef } from "preact/hooks";
import { isNumber } from "../../logic/format.js";

const SOON_S = 0.5;

/** Seconds that pass for each training second; 1 until it is known. @param {Run} run */
export function usePace(run) {
  const start = useRef(/** @type {{wall: number, train: number} | null} */ (null));
  const train = run.summary.train_seconds;
  if (run.state !== "running" || !isNumber(train)) {
    start.current = null;
    return 1;
  }
  const wall = performance.now() / 1000;
  start.current ??= { wall, train };
  const waited = wall - start.current.wall;
  const trained = train - start.current.train;
  return waited > SOON_S && trained > 0 ? Math.max(1, waited / trained) : 1;
}
