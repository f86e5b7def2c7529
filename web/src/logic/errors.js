// Where what the server refuses belongs.

/** @typedef {import("../api.js").ApiError} ApiError */

/**
 * @param {unknown} problem what a request threw
 * @param {(field: string) => string | null} placeOf the control that a refused field stands
 *   at, null: none
 * @returns {{errors: Record<string, string>, general: string}} a message for each control,
 *   and the rest in one text
 */
export function sortErrors(problem, placeOf) {
  const list = /** @type {Partial<ApiError>} */ (problem).errors ?? [];
  /** @type {Record<string, string>} */
  const errors = {};
  const rest = [];
  for (const { field, message } of list) {
    const place = placeOf(field);
    if (place) errors[place] = message;
    else rest.push(`${field} ${message}`.trim());
  }
  const nothingShown = list.length === 0;
  const general = nothingShown ? /** @type {Error} */ (problem).message : rest.join("; ");
  return { errors, general };
}

/** "hidden[0]" and "hidden.0" stand at "hidden". @param {string} field */
export const ownerOf = (field) => field.split(/[.[]/)[0];
