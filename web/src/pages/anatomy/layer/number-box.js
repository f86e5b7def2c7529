// A number to change in place: what is typed stays as typed, and only numbers are told.
import { html } from "htm/preact";
import { useTyped } from "../../../components/text-keeper.js";
import { isUsable } from "../../../logic/anatomy/layer-state.js";

/** @param {string} text */
const read = (text) => (text.trim() === "" ? NaN : Number(text));

/**
 * @param {{label: string, value: number, onChange: (value: number) => void}} props
 */
export function NumberBox({ label, value, onChange }) {
  const typed = useTyped(String(value), read);
  const typing = (/** @type {any} */ event) => {
    typed.current = event.target.value;
    const number = read(typed.current);
    if (isUsable(number)) onChange(number);
  };
  return html`<input
    class="input number-cell"
    type="number"
    step="0.1"
    aria-label=${label}
    value=${typed.current}
    onInput=${typing}
  />`;
}
