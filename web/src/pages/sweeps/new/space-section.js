// What to vary: a row for each parameter.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../../components/icon.js";
import {
  canVary,
  MAX_PARAMETERS,
  nextField,
  suggestedRange,
  withEntry,
} from "../../../logic/space.js";
import { matters } from "../../../logic/sweep-fields.js";
import { ParameterRow } from "./parameter-row.js";

/** @typedef {import("../../../logic/space.js").Space} Space */

/** A field that this page does not know, so that it still can be seen and taken out.
 * @param {string} name @returns {Field} */
const unknownField = (name) => ({
  name,
  kind: "text",
  nullable: false,
  choices: [],
  default: "",
  help: "",
});

/** Moves the focus to a new row's select, once it is there. @param {string[]} names */
function useFocusOnNew(names) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const added = useRef(/** @type {string | null} */ (null));
  useEffect(() => {
    const selector = `[data-parameter="${added.current}"] select`;
    if (added.current)
      /** @type {HTMLElement | null} */ (list.current?.querySelector(selector))?.focus();
    added.current = null;
  }, [names.join()]);
  return { list, added };
}

/**
 * @param {{spec: SweepSpec, fields: Field[], errors: Record<string, string>,
 *   onChange: (space: Space) => void}} props
 */
export function SpaceSection({ spec, fields, errors, onChange }) {
  const { space } = spec;
  const names = Object.keys(space);
  const { list, added } = useFocusOnNew(names);
  const free = fields.filter(
    (field) => canVary(field) && matters(field, spec) && !(field.name in space),
  );
  const next = names.length < MAX_PARAMETERS ? nextField(free) : undefined;

  /** @param {string} name */
  const fieldOf = (name) => fields.find((field) => field.name === name);
  /** @param {string} name @param {string} to */
  const rename = (name, to) => {
    const field = fieldOf(to);
    if (!field || name === to) return;
    added.current = to;
    onChange(withEntry(space, name, [to, suggestedRange(field)]));
  };
  /** @param {Field} field */
  const add = (field) => {
    added.current = field.name;
    onChange({ ...space, [field.name]: suggestedRange(field) });
  };
  return html`<section class="card stack">
    <h2>What to vary</h2>
    <ul class="parameters" ref=${list}>
      ${names.map(
        (name) => html`<${ParameterRow}
          key=${name}
          field=${fieldOf(name) ?? unknownField(name)}
          range=${space[name]}
          others=${free}
          error=${errors[`space.${name}`]}
          onField=${(/** @type {string} */ to) => rename(name, to)}
          onRange=${(/** @type {ParameterRange} */ range) =>
            onChange(withEntry(space, name, [name, range]))}
          onRemove=${() => onChange(withEntry(space, name, null))}
        />`,
      )}
    </ul>
    ${errors.space && html`<p class="field-error" role="alert">${errors.space}</p>`}
    <div>
      <button
        type="button"
        class="btn btn-small"
        data-invalid=${errors.space ? "true" : null}
        disabled=${!next}
        onClick=${() => next && add(next)}
      >
        <${Icon} name="plus" size=${14} /> Add a parameter
      </button>
    </div>
  </section>`;
}
