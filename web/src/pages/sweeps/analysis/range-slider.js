// A range with two ends, both reachable by keyboard.
import { html } from "htm/preact";

const PARTS = 100;

/**
 * @param {{title: string, count: number | null, range: [number, number],
 *   text: (place: number) => string, onChange: (range: [number, number]) => void}} props
 *   places from 0 to 1; `count`: how many values there are, null: any
 */
export function RangeSlider({ title, count, range: [low, high], text, onChange }) {
  const parts = count ? count - 1 : PARTS;
  const common = { type: "range", min: 0, max: parts, step: 1 };
  const at = (/** @type {any} */ event) => Number(event.target.value) / parts;
  return html`<fieldset class="range-slider">
    <legend>${title}</legend>
    <span class="range-ends">
      <input
        ...${common}
        value=${Math.round(low * parts)}
        aria-label=${`${title}, from`}
        aria-valuetext=${text(low)}
        onInput=${(/** @type {any} */ e) => onChange([Math.min(at(e), high), high])}
      />
      <input
        ...${common}
        value=${Math.round(high * parts)}
        aria-label=${`${title}, to`}
        aria-valuetext=${text(high)}
        onInput=${(/** @type {any} */ e) => onChange([low, Math.max(at(e), low)])}
      />
    </span>
    <output class="small numbers">${text(low)} to ${text(high)}</output>
  </fieldset>`;
}
