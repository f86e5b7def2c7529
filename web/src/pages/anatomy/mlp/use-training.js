// The training of a page: made anew for another beginning, told of every change.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { trainAnatomy } from "../../../api.js";
import { Training } from "../../../data/training.js";

/** @typedef {import("../../../data/training.js").Origin} Origin */
/** @typedef {import("../../../logic/anatomy/mlp-state.js").Settings} Settings */

/**
 * @param {Settings} settings
 * @param {Origin | undefined} origin undefined: from the seed
 * @param {number} step to train to at first
 * @returns {Training}
 */
export function useTraining(settings, origin, step) {
  const [, redraw] = useState({});
  const current = useRef(/** @type {Training | null} */ (null));
  current.current ??= new Training(trainAnatomy, () => redraw({}), settings, origin);
  const training = current.current;

  useEffect(() => {
    training.restore(step);
    const hidden = () => document.hidden && training.pause();
    document.addEventListener("visibilitychange", hidden);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      training.close();
    };
  }, []);
  // Before a button can be pressed that is about what the page already shows.
  useLayoutEffect(() => training.configure(settings), [settings]);
  return training;
}
