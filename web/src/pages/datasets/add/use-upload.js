// Sends the form's files, says how far it is, and puts what the server refuses where it
// belongs.
import { useEffect, useRef, useState } from "preact/hooks";
import { createDataset } from "../../../api.js";
import { focusFirstError } from "../../../components/form-errors.js";
import { isReadable } from "../../../data/chosen-file.js";
import { sortErrors } from "../../../logic/errors.js";
import { bytes } from "../../../logic/format.js";
import { MOST_BYTES } from "../../../logic/upload.js";

/** @typedef {Record<string, File | string>} Parts by the server's names of the fields */
/** @typedef {{sent: number, total: number}} Progress in bytes */

/** @param {Parts} parts @returns {[string, File][]} */
const filesOf = (parts) =>
  Object.entries(parts).flatMap(([name, part]) =>
    part instanceof File ? [/** @type {[string, File]} */ ([name, part])] : [],
  );

/** What cannot even be sent. @param {Parts} parts */
async function refusals(parts) {
  /** @type {Record<string, string>} */
  const errors = {};
  for (const [name, file] of filesOf(parts)) {
    if (file.size > MOST_BYTES)
      errors[name] = `It has ${bytes(file.size)}; at most ${bytes(MOST_BYTES)} are taken.`;
    else if (!(await isReadable(file)))
      errors[name] = "It has changed since it was chosen. Choose it again.";
  }
  if (!parts.train) errors.train = "Choose a file.";
  return errors;
}

/** A name that is taken is refused as a whole, but it is the name's fault.
 * @param {any} problem @param {(field: string) => string | null} placeOf */
function refusalOf(problem, placeOf) {
  if (problem.status !== 409) return sortErrors(problem, placeOf);
  return { errors: { name: problem.message }, general: "" };
}

/** @param {Parts} parts */
function bodyOf(parts) {
  const body = new FormData();
  for (const [name, part] of Object.entries(parts)) body.append(name, part);
  return body;
}

/**
 * @param {(field: string) => string | null} placeOf the control of a server's field
 * @param {(name: string) => Promise<void>} onDone called with the new dataset's name
 */
export function useUpload(placeOf, onDone) {
  const [state, setState] = useState({
    errors: /** @type {Record<string, string>} */ ({}),
    general: "",
  });
  const [progress, setProgress] = useState(/** @type {Progress | null} */ (null));
  const abort = useRef(/** @type {AbortController | null} */ (null));
  const cancel = () => {
    abort.current?.abort();
    setProgress(null);
  };

  useEffect(() => {
    if (Object.keys(state.errors).length) focusFirstError();
  }, [state.errors]);
  useEffect(() => () => abort.current?.abort(), []);

  /** @param {Parts} parts */
  async function send(parts) {
    setState({ errors: {}, general: "" });
    const errors = await refusals(parts);
    if (Object.keys(errors).length) return setState({ errors, general: "" });
    const { signal } = (abort.current = new AbortController());
    const total = filesOf(parts).reduce((sum, [, file]) => sum + file.size, 1);
    setProgress({ sent: 0, total });
    try {
      await createDataset(
        bodyOf(parts),
        (sent, total) => signal.aborted || setProgress({ sent, total }),
        signal,
      );
      await onDone(String(parts.name));
    } catch (problem) {
      setState(refusalOf(problem, placeOf));
    }
    setProgress(null);
  }
  return { ...state, progress, send, cancel };
}
