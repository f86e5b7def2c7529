// What stays the same in all runs: folded, with what is not at its default in sight.
import { html } from "htm/preact";
import { Inputs } from "../../../components/inputs.js";
import { same } from "../../../logic/config.js";
import { arrange } from "../../../logic/fields.js";
import { configValue, label } from "../../../logic/format.js";
import { inBase, matters } from "../../../logic/sweep-fields.js";

/** Stand elsewhere in the form, or are the sweep's business. */
const elsewhere = new Set(
  "name tags notes target_accuracy time_budget_s test_at".split(" "),
);

/** @param {Field} field @param {SweepSpec} spec */
function stays(field, spec) {
  if (elsewhere.has(field.name) || field.name in spec.space) return false;
  if (field.name === "eval_every" && spec.eval_samples !== null) return false;
  return matters(field, spec);
}

/** @param {Field} field @param {unknown} value */
const fact = (field, value) =>
  html`<span class="fact"><span class="muted">${label(field.name)}</span> ${configValue(value)}</span>`;

/**
 * @param {{spec: SweepSpec, fields: Field[], values: Record<string, unknown>,
 *   errors: Record<string, string>, onChange: (name: string, value: unknown) => void}} props
 */
export function BaseSection({ spec, fields, values, errors, onChange }) {
  const { main, advanced } = arrange(fields);
  const sections = [...main, { title: "Advanced", fields: advanced }].map((section) => ({
    title: section.title,
    fields: section.fields.filter((field) => stays(field, spec)),
  }));
  const shown = sections.flatMap((section) => section.fields);
  const telling = shown.filter(
    (field) => field.name === "dataset" || !same(spec.base[field.name], field.default),
  );
  const wrong = shown.filter((field) => errors[`base.${field.name}`]);
  return html`<details class="card base-section">
    <summary>
      <h2>What stays</h2>
      <span class="facts-line">
        ${telling.map((field) => fact(field, spec.base[field.name]))}
        ${wrong.map((field) => html`<span class="field-error">${label(field.name)} is wrong</span>`)}
      </span>
    </summary>
    <div class="stack">
      ${sections
        .filter((section) => section.fields.length)
        .map(
          (section) => html`<h3 key=${`${section.title} head`}>${section.title}</h3>
            <div class="form-grid" key=${section.title}>
              <${Inputs}
                fields=${section.fields.map(inBase)}
                values=${values}
                errors=${errors}
                onChange=${onChange}
              />
            </div>`,
        )}
    </div>
  </details>`;
}
