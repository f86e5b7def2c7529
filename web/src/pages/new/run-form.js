// The fields, in sections; what is rarely needed comes folded.
import { html } from "htm/preact";
import { Inputs } from "../../components/inputs.js";
import { same } from "../../logic/config.js";
import { arrange, isRelevant } from "../../logic/fields.js";

/** @param {import("../../components/inputs.js").FormProps} props */
export function RunForm({ fields, values, errors, onChange }) {
  const { main, advanced } = arrange(fields);
  /** @param {Field[]} list */
  const inputs = (list) => html`<${Inputs}
    fields=${list.filter((field) => isRelevant(field, values) || errors[field.name])}
    values=${values}
    errors=${errors}
    onChange=${onChange}
  />`;
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
