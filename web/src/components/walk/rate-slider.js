// The learning rate of the page's own small steps.
import { html } from "htm/preact";
import { short } from "../../logic/format.js";

const LOW = -3;
const HIGH = 0.5;

/** @param {{value: number, onChange: (lr: number) => void}} props */
export function RateSlider({ value, onChange }) {
  /** Two digits are what a slider can mean. @param {number} power */
  const rateOf = (power) => Number((10 ** power).toPrecision(2));
  return html`<label class="rate-slider small">
    <span>Learning rate (lr)</span>
    <input
      type="range"
      min=${LOW}
      max=${HIGH}
      step="0.05"
      value=${Math.log10(value)}
      aria-valuetext=${short(value)}
      onInput=${(/** @type {any} */ e) => onChange(rateOf(Number(e.target.value)))}
    />
    <output class="numbers">${short(value)}</output>
  </label>`;
}
