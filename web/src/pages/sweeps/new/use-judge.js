// Asks the server what a sweep would come to while it is being set up, and launches it.
// Either way the server judges, and what it refuses stands at its field.
import { useEffect, useState } from "preact/hooks";
import { createSweep, estimateSweep } from "../../../api.js";
import { focusFirstError } from "../../../components/form-errors.js";
import { sortErrors } from "../../../logic/errors.js";
import { navigate } from "../../../router.js";

const TYPING_MS = 250;

/**
 * @typedef {object} Judgement
 * @property {SweepEstimate | null} estimate  null: not known, or refused
 * @property {Record<string, string>} errors
 * @property {string} general  what stands at no field
 */

/** @type {Judgement} */
const unknown = { estimate: null, errors: {}, general: "" };

/**
 * @param {Record<string, unknown>} body of POST /sweeps
 * @param {(path: string) => string | null} placeOf the control that a field's errors stand at
 */
export function useJudge(body, placeOf) {
  const [judgement, setJudgement] = useState(unknown);
  const [busy, setBusy] = useState(false);
  const [refusals, setRefusals] = useState(0);
  const key = JSON.stringify(body);

  useEffect(() => {
    let current = true;
    const timer = setTimeout(
      () =>
        estimateSweep(body).then(
          (estimate) => current && setJudgement({ ...unknown, estimate }),
          (problem) =>
            current && setJudgement({ ...unknown, ...sortErrors(problem, placeOf) }),
        ),
      TYPING_MS,
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key]);
  useEffect(() => void (refusals && focusFirstError()), [refusals]);

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    setBusy(true);
    try {
      const sweep = await createSweep(body);
      navigate(["sweeps", String(sweep.id)]);
    } catch (problem) {
      setJudgement({ ...unknown, ...sortErrors(problem, placeOf) });
      setRefusals((n) => n + 1);
      setBusy(false);
    }
  }
  return { ...judgement, busy, submit };
}
