// The fields, in sections; what is rarely needed comes folded.
import { html } from "htm/preact";
import { TextKeeper } from "../../components/text-keeper.js";
import { parseText, same, textOf } from "../../logic/config.js";
import { arrange, isRelevant } from "../../logic/fields.js";

/** @typedef {Record<string, unknown>} Values */

/** What stands in a field's control. @param {Field} field @param {unknown} value */
const shown = (field, value) =>
  field.kind === "layers" || field.kind === "boolean" ? value : textOf(value);

/** @param {Field} field @param {unknown} value */
const read = (field, value) =>
  typeof value === "string" ? parseText(field, value) : value;

/**
 * @param {{fields: Field[], values: Values, errors: Record<string, string>,
 *   onChange: (name: string, value: unknown) => void}} props
 */
export function RunForm({ fields, values, errors, onChange }) {
  const { main, advanced } = arrange(fields);
  /** @param {Field[]} list */
  const inputs = (list) =>
    list
      .filter((field) => isRelevant(field, values) || errors[field.name])
      .map(
        (field) => html`<${TextKeeper}
          key=${field.name}
          field=${field}
          text=${shown(field, values[field.name])}
          error=${errors[field.name]}
          onChange=${(/** @type {unknown} */ value) => onChange(field.name, read(field, value))}
        />`,
      );
  const labelling = fields.filter(({ name }) => ["name", "tags", "notes"].includes(name));
  const changed = advanced.filter(
    (field) => !same(values[field.name], field.default),
  ).length;
  return html`
    ${main.map(
      (section) => html`<section class="card" key=${section.title}>
        <h2>${section.title}</h2>
        <div class="form-grid">${inputs(section.fields)}</div>
      </section>`,
    )}
    <details class="card" open=${changed > 0}>
      <summary><h2>Advanced${changed > 0 && ` (${changed} changed)`}</h2></summary>
      <div class="form-grid">${inputs(advanced)}</div>
    </details>
    <section class="card">
      <h2>Label</h2>
      <div class="form-grid">${inputs(labelling)}</div>
    </section>
  `;
}
