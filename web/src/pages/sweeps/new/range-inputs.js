// The boxes of a parameter's range: a list of values, two ends, or check boxes.
import { html } from "htm/preact";
import { useTyped } from "../../../components/text-keeper.js";
import { parseText, same, textOf } from "../../../logic/config.js";
import { label } from "../../../logic/format.js";
import { entriesOf, parseValues, valuesText, wayOf } from "../../../logic/space.js";

/**
 * @typedef {object} RangeProps
 * @property {Field} field
 * @property {ParameterRange} range
 * @property {Record<string, unknown>} common  attributes of every box
 * @property {(range: ParameterRange) => void} onChange
 */

/** A box that shows a value and keeps what is typed as typed.
 * @param {{value: unknown, write: (value: any) => string, read: (text: string) => unknown,
 *   onChange: (value: any) => void, [attribute: string]: unknown}} props */
function TypedBox({ value, write, read, onChange, ...attributes }) {
  const typed = useTyped(write(value), read);
  const input = (/** @type {any} */ event) => {
    typed.current = event.target.value;
    onChange(read(typed.current));
  };
  return html`<input
    ...${attributes}
    class="input"
    type="text"
    autocomplete="off"
    value=${typed.current}
    onInput=${input}
  />`;
}

/** @param {RangeProps} props */
function ValueList({ field, range, common, onChange }) {
  return html`<${TypedBox}
    ...${common}
    aria-label=${`${label(field.name)}: values`}
    placeholder=${field.kind === "layers" ? "64; 128 64" : "0.1, 0.3"}
    value=${range.values}
    write=${(/** @type {unknown[]} */ values) => valuesText(field, values)}
    read=${(/** @type {string} */ text) => parseValues(field, text)}
    onChange=${(/** @type {unknown[]} */ values) => onChange({ values })}
  />`;
}

/** @param {RangeProps} props */
function Ends({ field, range, common, onChange }) {
  const way = wayOf(range);
  const ends = entriesOf(range);
  /** @param {0 | 1} at @param {string} name */
  const box = (at, name) => html`<${TypedBox}
    ...${common}
    inputmode=${field.kind === "integer" ? "numeric" : "decimal"}
    aria-label=${`${label(field.name)}: ${name}`}
    value=${ends[at]}
    write=${textOf}
    read=${(/** @type {string} */ text) => parseText({ ...field, nullable: false }, text)}
    onChange=${(/** @type {unknown} */ value) =>
      onChange({ [way]: at ? [ends[0], value] : [value, ends[1]] })}
  />`;
  return html`<div class="ends">
    ${box(0, "lower end")}<span aria-hidden="true">to</span>${box(1, "upper end")}
  </div>`;
}

/** @param {RangeProps} props */
function Choices({ field, range, common, onChange }) {
  const chosen = range.values ?? [];
  const all = field.kind === "boolean" ? [false, true] : field.choices;
  /** @param {unknown} choice @param {boolean} on */
  const toggle = (choice, on) =>
    onChange({
      values: all.filter((other) =>
        other === choice ? on : chosen.some((value) => same(value, other)),
      ),
    });
  return html`<div class="row choices" role="group" aria-label=${`${label(field.name)}: values`}>
    ${all.map(
      (choice, i) => html`<label class="check" key=${choice}>
        <input
          ...${i === 0 ? common : null}
          type="checkbox"
          checked=${chosen.some((value) => same(value, choice))}
          onChange=${(/** @type {any} */ e) => toggle(choice, e.target.checked)}
        />
        ${field.kind === "boolean" ? (choice ? "on" : "off") : choice}
      </label>`,
    )}
  </div>`;
}

/** @param {RangeProps} props */
export function RangeInputs(props) {
  const { field, range } = props;
  if (field.kind === "choice" || field.kind === "boolean")
    return html`<${Choices} ...${props} />`;
  const Boxes = wayOf(range) === "values" ? ValueList : Ends;
  return html`<${Boxes} key=${wayOf(range)} ...${props} />`;
}
