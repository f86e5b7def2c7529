// A small count between two buttons that change it by one.
import { html } from "htm/preact";
import { Icon } from "./icon.js";

/**
 * @param {{label: string, noun: string, value: number, min: number, max: number,
 *   onChange: (value: number) => void}} props `noun`: what one is called: "neuron"
 */
export function Stepper({ label, noun, value, min, max, onChange }) {
  return html`<div class="stepper" role="group" aria-label=${label}>
    <span class="stepper-label" aria-hidden="true">${label}</span>
    <button
      type="button"
      class="btn btn-small btn-icon"
      aria-label=${`Remove ${noun}`}
      disabled=${value <= min}
      onClick=${() => onChange(value - 1)}
    >
      <${Icon} name="cut" size=${12} />
    </button>
    <output class="numbers" aria-label=${label}>${value}</output>
    <button
      type="button"
      class="btn btn-small btn-icon"
      aria-label=${`Add ${noun}`}
      disabled=${value >= max}
      onClick=${() => onChange(value + 1)}
    >
      <${Icon} name="plus" size=${12} />
    </button>
  </div>`;
}
