// Sends the form and puts what the server refuses where it belongs.
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../api.js";
import { launch } from "../../data/actions.js";

/** "hidden[0]" and "hidden.0" stand at "hidden". @param {string} field */
const ownerOf = (field) => field.split(/[.[]/)[0];

/** @param {unknown} problem @param {Field[]} fields */
function sortErrors(problem, fields) {
  const known = new Set(fields.map((field) => field.name));
  const list = problem instanceof ApiError ? problem.errors : [];
  /** @type {Record<string, string>} */
  const errors = {};
  const rest = [];
  for (const { field, message } of list)
    if (known.has(ownerOf(field))) errors[ownerOf(field)] = message;
    else rest.push(`${field} ${message}`.trim());
  const nothingShown = list.length === 0;
  const general = nothingShown ? /** @type {Error} */ (problem).message : rest.join("; ");
  return { errors, general };
}

/** @param {Record<string, unknown>} body @param {Field[]} fields */
export function useLaunch(body, fields) {
  const [state, setState] = useState({
    errors: /** @type {Record<string, string>} */ ({}),
    general: "",
    busy: false,
  });

  useEffect(() => {
    if (!Object.keys(state.errors).length) return;
    const wrong = /** @type {HTMLElement | null} */ (
      document.querySelector('form [aria-invalid="true"]')
    );
    wrong?.closest("details")?.setAttribute("open", "");
    wrong?.focus();
  }, [state.errors]);

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    setState({ errors: {}, general: "", busy: true });
    try {
      await launch(body);
    } catch (problem) {
      setState({ ...sortErrors(problem, fields), busy: false });
    }
  }
  return { ...state, submit };
}
