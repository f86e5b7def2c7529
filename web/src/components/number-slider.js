// A number under a slider and in a box: the slider spans the usual range, the box takes
// any number.
import { html } from "htm/preact";
import { useId } from "preact/hooks";
import { readNumber } from "../logic/anatomy/query.js";
import { short } from "../logic/format.js";
import { useTyped } from "./text-keeper.js";

/**
 * @param {{name: string, value: number, reach: number, step?: number, kind?: string,
 *   onChange: (value: number) => void, children?: unknown}} props `reach`: of the slider to
 *   both sides; `children` stand behind
 */
export function NumberSlider({ name, value, reach, step = 0.05, kind, onChange, children }) {
  const id = useId();
  const typed = useTyped(String(value), readNumber);
  const typing = (/** @type {any} */ event) => {
    typed.current = event.target.value;
    const number = readNumber(typed.current);
    if (number !== null) onChange(number);
  };
  return html`<div class="number-slider" data-kind=${kind}>
    <label for=${id}>${name}</label>
    <input
      type="range"
      min=${-reach}
      max=${reach}
      step=${step}
      value=${value}
      aria-label=${`${name}, slider`}
      aria-valuetext=${short(value)}
      onInput=${(/** @type {any} */ e) => onChange(Number(e.target.value))}
    />
    <input
      id=${id}
      class="input input-small"
      inputmode="decimal"
      autocomplete="off"
      value=${typed.current}
      onInput=${typing}
    />
    ${children}
  </div>`;
}
