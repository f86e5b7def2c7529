// Hidden layers as a row of widths that grows and shrinks.
import { html } from "htm/preact";
import { Icon } from "./icon.js";

const NEW_WIDTH = 64;

/** A width is a number where it looks like one; the server judges the rest.
 * @param {string} text */
const widthOf = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : text);

/**
 * @param {{common: any, widths: unknown, onChange: (value: unknown) => void}} props
 */
export function LayersInput({ common, widths, onChange }) {
  const list = Array.isArray(widths) ? widths : [];
  /** @param {number} at @param {unknown} width */
  const set = (at, width) => onChange(list.map((old, i) => (i === at ? width : old)));
  /** @param {number} at */
  const remove = (at) => onChange(list.filter((_, i) => i !== at));
  return html`<div class="layers" role="group" aria-label="Hidden layers">
    ${list.map(
      (width, i) => html`<span class="layer" key=${i}>
        <input
          ...${common}
          id=${i === 0 ? common.id : null}
          inputmode="numeric"
          autocomplete="off"
          aria-label=${`Width of hidden layer ${i + 1}`}
          value=${width}
          onInput=${(/** @type {any} */ e) => set(i, widthOf(e.target.value))}
        />
        <button
          type="button"
          class="btn btn-quiet btn-small btn-icon"
          aria-label=${`Remove hidden layer ${i + 1}`}
          onClick=${() => remove(i)}
        >
          <${Icon} name="close" size=${12} />
        </button>
      </span>`,
    )}
    <button
      type="button"
      id=${list.length ? null : common.id}
      class="btn btn-small"
      aria-label="Add a hidden layer"
      onClick=${() => onChange([...list, list.at(-1) ?? NEW_WIDTH])}
    >
      <${Icon} name="plus" size=${12} /> Layer
    </button>
  </div>`;
}
