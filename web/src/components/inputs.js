// A row of fields, for within a form's grid.
import { html } from "htm/preact";
import { parseText, textOf } from "../logic/config.js";
import { TextKeeper } from "./text-keeper.js";

/** What stands in a field's control. @param {Field} field @param {unknown} value */
const shown = (field, value) =>
  field.kind === "layers" || field.kind === "boolean" ? value : textOf(value);

/** @param {Field} field @param {unknown} value */
const read = (field, value) =>
  typeof value === "string" ? parseText(field, value) : value;

/**
 * @typedef {object} FormProps
 * @property {Field[]} fields
 * @property {Record<string, unknown>} values  by the fields' names, as are the errors
 * @property {Record<string, string>} errors
 * @property {(name: string, value: unknown) => void} onChange
 */

/** @param {FormProps} props */
export function Inputs({ fields, values, errors, onChange }) {
  return html`${fields.map(
    (field) => html`<${TextKeeper}
      key=${field.name}
      field=${field}
      text=${shown(field, values[field.name])}
      error=${errors[field.name]}
      onChange=${(/** @type {unknown} */ value) => onChange(field.name, read(field, value))}
    />`,
  )}`;
}
