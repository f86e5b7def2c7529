// One field of a form: label, control, help, and what the server says is wrong with it.
import { html } from "htm/preact";
import { label } from "../logic/format.js";
import { LayersInput } from "./layers-input.js";
import { RateInput } from "./rate-input.js";

/**
 * @typedef {object} FieldProps
 * @property {Field} field
 * @property {unknown} text      what stands in the control
 * @property {string} [error]
 * @property {(value: unknown) => void} onChange
 */

/** @param {Field} field */
const labelOf = (field) => field.label ?? label(field.name);

/** @param {FieldProps & {common: object}} props */
function Control({ field, text, onChange, common }) {
  const read = (/** @type {any} */ event) => onChange(event.target.value);
  if (field.kind === "choice")
    return html`<select ...${common} value=${text} onChange=${read}>
      ${field.choices.map((choice) => html`<option value=${choice}>${field.words?.[choice] ?? choice}</option>`)}
    </select>`;
  if (field.kind === "layers")
    return html`<${LayersInput} common=${common} widths=${text} onChange=${onChange} />`;
  if (field.name === "lr")
    return html`<${RateInput} common=${common} text=${text} onChange=${onChange} />`;
  if (field.name === "notes")
    return html`<textarea ...${common} value=${text} onInput=${read} />`;
  const numeric =
    field.kind === "integer" ? "numeric" : field.kind === "number" ? "decimal" : null;
  return html`<input
    ...${common}
    type="text"
    inputmode=${numeric}
    autocomplete="off"
    placeholder=${field.nullable ? (field.empty ?? "none") : null}
    value=${text}
    onInput=${read}
  />`;
}

/** @param {FieldProps} props */
function Switch({ field, text, error, onChange }) {
  const id = `field-${field.name}`;
  return html`<div class="field">
    <label class="check">
      <input
        id=${id}
        type="checkbox"
        checked=${text === true}
        aria-describedby="${id}-help ${id}-error"
        aria-invalid=${error ? "true" : null}
        onChange=${(/** @type {any} */ e) => onChange(e.target.checked)}
      />
      ${labelOf(field)}
    </label>
    <span id="${id}-help" class="field-help">${field.help}</span>
    <span id="${id}-error" class="field-error">${error}</span>
  </div>`;
}

/** @param {FieldProps} props */
export function FieldInput(props) {
  const { field, error } = props;
  if (field.kind === "boolean") return html`<${Switch} ...${props} />`;
  const id = `field-${field.name}`;
  const common = {
    id,
    class: "input",
    "aria-describedby": `${id}-help ${id}-error`,
    "aria-invalid": error ? "true" : null,
  };
  return html`<div class="field field-${field.kind} field-${field.name}">
    <label for=${id}>${labelOf(field)}</label>
    <${Control} ...${props} common=${common} />
    <span id="${id}-error" class="field-error">${error}</span>
    <span id="${id}-help" class="field-help">
      ${field.help}${field.kind === "list" && " Commas between."}
    </span>
  </div>`;
}
