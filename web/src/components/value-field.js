// A number of one column, in the units of the file.
import { html } from "htm/preact";
import { useId, useState } from "preact/hooks";
import { fieldText, readNumber, toModel } from "../logic/columns.js";
import { Clipped } from "./clipped.js";

/**
 * @param {{column: Column, value: number, onValue: (value: number) => void}} props `value`
 *   as the model sees it; what is no number is not passed on
 */
export function ValueField({ column, value, onValue }) {
  const id = useId();
  const shown = fieldText(column, value);
  const [typed, setTyped] = useState({ text: shown, means: shown });
  const text = typed.means === shown ? typed.text : shown;
  const wrong = readNumber(text) === null;

  /** @param {any} event */
  function input({ target }) {
    const number = readNumber(target.value);
    if (number === null) return setTyped({ text: target.value, means: shown });
    const next = toModel(column, number);
    setTyped({ text: target.value, means: fieldText(column, next) });
    onValue(next);
  }

  return html`<div class="field value-field">
    <label for=${id}><${Clipped} text=${column.name} /></label>
    <input
      id=${id}
      class="input"
      inputmode="decimal"
      autocomplete="off"
      value=${text}
      aria-invalid=${wrong ? "true" : null}
      aria-describedby=${wrong ? `${id}-error` : null}
      onInput=${input}
    />
    ${wrong && html`<span id="${id}-error" class="field-error">must be a number</span>`}
  </div>`;
}
