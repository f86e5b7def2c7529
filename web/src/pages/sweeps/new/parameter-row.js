// One parameter that a sweep varies: which field, how, and between what.
import { html } from "htm/preact";
import { Icon } from "../../../components/icon.js";
import { label, plural } from "../../../logic/format.js";
import { wayLabels, wayOf, waysOf, withWay } from "../../../logic/space.js";
import { RangeInputs } from "./range-inputs.js";

/** @typedef {import("../../../logic/space.js").Way} Way */

/** @param {Field} field @param {ParameterRange} range */
function helpOf(field, range) {
  const way = wayOf(range);
  if (way !== "values") return "Any value between, both ends included.";
  const many = plural(range.values?.length ?? 0, "value");
  if (field.kind === "layers")
    return `${many}. Widths with spaces, “;” between networks, “none” for no hidden layer.`;
  if (field.kind === "choice" || field.kind === "boolean") return `${many}.`;
  return `${many}. Commas between${field.nullable ? ", “none” for none" : ""}.`;
}

/**
 * @param {{field: Field, range: ParameterRange, others: Field[], error: string | undefined,
 *   onRange: (range: ParameterRange) => void, onField: (name: string) => void,
 *   onRemove: () => void}} props `others`: fields that it could be instead
 */
export function ParameterRow({ field, range, others, error, ...on }) {
  const name = label(field.name);
  const id = `space-${field.name}`;
  const ways = waysOf(field);
  const common = {
    id: `${id}-range`,
    "aria-invalid": error ? "true" : null,
    "aria-describedby": `${id}-error ${id}-help`,
  };
  return html`<li class="parameter" data-parameter=${field.name}>
    <select
      class="input parameter-field"
      aria-label=${`Parameter: ${name}`}
      value=${field.name}
      onChange=${(/** @type {any} */ e) => on.onField(e.target.value)}
    >
      ${[field, ...others].map(
        (other) => html`<option key=${other.name} value=${other.name}>${label(other.name)}</option>`,
      )}
    </select>
    <select
      class="input parameter-way"
      aria-label=${`${name}: how`}
      disabled=${ways.length < 2}
      value=${wayOf(range)}
      onChange=${(/** @type {any} */ e) => on.onRange(withWay(field, range, e.target.value))}
    >
      ${ways.map((way) => html`<option key=${way} value=${way}>${wayLabels[way]}</option>`)}
    </select>
    <div class="field parameter-range">
      <${RangeInputs} field=${field} range=${range} common=${common} onChange=${on.onRange} />
      <span id="${id}-error" class="field-error">${error}</span>
      <span id="${id}-help" class="field-help">${helpOf(field, range)}</span>
    </div>
    <button
      type="button"
      class="btn btn-quiet btn-icon parameter-remove"
      aria-label=${`Do not vary ${name}`}
      title=${`Do not vary ${name}`}
      onClick=${on.onRemove}
    >
      <${Icon} name="close" />
    </button>
  </li>`;
}
