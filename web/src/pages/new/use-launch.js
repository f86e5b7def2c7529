// Sends the form and puts what the server refuses where it belongs.
import { useEffect, useState } from "preact/hooks";
import { focusFirstError } from "../../components/form-errors.js";
import { launch } from "../../data/actions.js";
import { ownerOf, sortErrors } from "../../logic/errors.js";

/** @param {Record<string, unknown>} body @param {Field[]} fields */
export function useLaunch(body, fields) {
  const [state, setState] = useState({
    errors: /** @type {Record<string, string>} */ ({}),
    general: "",
    busy: false,
  });

  useEffect(() => {
    if (Object.keys(state.errors).length) focusFirstError();
  }, [state.errors]);

  /** @param {string} field */
  const placeOf = (field) =>
    fields.some(({ name }) => name === ownerOf(field)) ? ownerOf(field) : null;

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    setState({ errors: {}, general: "", busy: true });
    try {
      await launch(body);
    } catch (problem) {
      setState({ ...sortErrors(problem, placeOf), busy: false });
    }
  }
  return { ...state, submit };
}
