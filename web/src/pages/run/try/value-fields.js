// One field a column, to type a sample's values.
import { html } from "htm/preact";
import { ValueField } from "../../../components/value-field.js";

/** @param {{columns: Column[], values: number[],
 *   onValues: (values: number[]) => void}} props `values` as the model sees them */
export function ValueFields({ columns, values, onValues }) {
  return html`<div class="value-fields" role="group" aria-label="Values">
    ${columns.map(
      (column, i) => html`<${ValueField}
        key=${i}
        column=${column}
        value=${values[i]}
        onValue=${(/** @type {number} */ value) => onValues(Object.assign([...values], { [i]: value }))}
      />`,
    )}
  </div>`;
}
