// Where a formula is typed; below, what is wrong with it and where.
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { mistakeAt } from "../../../logic/anatomy/formula.js";

/** @typedef {import("../../../api.js").ApiError} ApiError */

/** @param {{text: string, error: Error, onShow: (at: number) => void}} props */
function Mistake({ text, error, onShow }) {
  const first = /** @type {Partial<ApiError>} */ (error).errors?.find(
    ({ field }) => field === "text",
  );
  const position = first?.position;
  if (position === undefined)
    return html`<p class="field-error">${first?.message ?? error.message}</p>`;
  const { at, row, column, line, caret } = mistakeAt(text, position);
  return html`<p class="field-error">${first?.message}</p>
    <div class="formula-mistake" aria-hidden="true">
      <span>${line}</span><span class="caret" data-caret=${column}>${caret}</span>
    </div>
    <button type="button" class="btn btn-small" onClick=${() => onShow(at)}>
      Show line ${row}, column ${column}
    </button>`;
}

/** @param {{text: string, error: Error | null, onChange: (text: string) => void}} props */
export function FormulaBox({ text, error, onChange }) {
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  /** @param {number} at */
  const show = (at) => {
    area.current?.focus();
    area.current?.setSelectionRange(at, Math.min(at + 1, text.length));
  };
  return html`<div class="field formula-box">
    <label for="formula">Formula</label>
    <textarea
      id="formula"
      class="input"
      ref=${area}
      rows=${Math.min(12, Math.max(4, text.split("\n").length + 1))}
      spellcheck=${false}
      autocapitalize="off"
      autocomplete="off"
      aria-invalid=${error ? "true" : null}
      aria-describedby="formula-error formula-help"
      value=${text}
      onInput=${(/** @type {any} */ e) => onChange(e.target.value)}
    />
    <div id="formula-error" role="alert">
      ${error && html`<${Mistake} text=${text} error=${error} onShow=${show} />`}
    </div>
    <p id="formula-help" class="field-help">
      One assignment a line; the last one is what the gradients ask about. + − * / **
      (a constant power), parentheses, tanh relu exp log sigmoid gelu as tanh(x) or x.tanh(),
      comments from #. Any name that you do not assign is a variable with a slider.
    </p>
  </div>`;
}
