// A small box for a number: what is being typed stays as typed until it is a number.
import { html } from "htm/preact";
import { useRef } from "preact/hooks";

/** @param {string} text @returns {number | null | undefined} undefined: no number */
function read(text) {
  if (text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * @param {{label: string, unit: string, value: number | null, placeholder?: string,
 *   onChange: (value: number | null) => void}} props null: the box is empty
 */
export function NumberBox({ label, unit, value, placeholder, onChange }) {
  const typed = useRef(value === null ? "" : String(value));
  if (read(typed.current) !== value) typed.current = value === null ? "" : String(value);
  /** @param {any} event */
  const change = ({ target }) => {
    typed.current = target.value;
    const next = read(target.value);
    if (next !== undefined) onChange(next);
  };
  return html`<span class="number-box">
    <input
      class="input input-small"
      type="text"
      inputmode="decimal"
      autocomplete="off"
      aria-label=${label}
      placeholder=${placeholder}
      value=${typed.current}
      onInput=${change}
    />
    <span class="muted small" aria-hidden="true">${unit}</span>
  </span>`;
}
