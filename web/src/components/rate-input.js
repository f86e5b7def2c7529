// A learning rate: a slider over powers of ten beside a box for any number.
import { html } from "htm/preact";

const LOW = -5;
const HIGH = 1;

/** Two significant digits are what a slider can mean. @param {number} power */
const rateOf = (power) => Number((10 ** power).toPrecision(2));

/** @param {{common: object, text: unknown, onChange: (value: unknown) => void}} props */
export function RateInput({ common, text, onChange }) {
  const value = Number(text);
  const power = value > 0 ? Math.min(HIGH, Math.max(LOW, Math.log10(value))) : LOW;
  return html`<div class="rate">
    <input
      ...${common}
      type="text"
      inputmode="decimal"
      autocomplete="off"
      value=${text}
      onInput=${(/** @type {any} */ e) => onChange(e.target.value)}
    />
    <input
      type="range"
      min=${LOW}
      max=${HIGH}
      step="0.05"
      value=${power}
      aria-label="Learning rate, slider"
      aria-valuetext=${String(text)}
      onInput=${(/** @type {any} */ e) => onChange(String(rateOf(Number(e.target.value))))}
    />
  </div>`;
}
