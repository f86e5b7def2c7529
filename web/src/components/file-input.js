// A field for one file: chosen, or dropped on it.
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";

/** @param {HTMLInputElement} input @param {File} file */
function put(input, file) {
  const list = new DataTransfer();
  list.items.add(file);
  input.files = list.files;
}

/**
 * @param {{name: string, label: string, help: string, error?: string, accept?: string,
 *   onFile: (file: File | null) => void}} props
 */
export function FileInput({ name, label, help, error, accept, onFile }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [over, setOver] = useState(false);
  const last = useRef(/** @type {File | null} */ (null));
  const id = `field-${name}`;

  /** @param {File | null} file */
  function take(file) {
    last.current = file;
    onFile(file);
  }

  /** Browsers say nothing of a choice that is the same as before, though the file may have
   * been edited: so there is none while one chooses. */
  function clear() {
    if (input.current) input.current.value = "";
  }

  function putBack() {
    if (input.current && last.current) put(input.current, last.current);
  }

  /** @param {DragEvent} event */
  function dragged(event) {
    event.preventDefault();
    setOver(true);
  }

  /** @param {DragEvent} event */
  function dropped(event) {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (!file || !input.current) return;
    put(input.current, file);
    take(file);
  }

  return html`<div class="field field-file">
    <label for=${id}>${label}</label>
    <div
      class=${`drop ${over ? "drop-over" : ""}`}
      onDragEnter=${dragged}
      onDragOver=${dragged}
      onDragLeave=${() => setOver(false)}
      onDrop=${dropped}
    >
      <input
        ref=${input}
        id=${id}
        type="file"
        accept=${accept}
        aria-describedby="${id}-help ${id}-error"
        aria-invalid=${error ? "true" : null}
        onClick=${clear}
        onCancel=${putBack}
        onChange=${(/** @type {any} */ event) => take(event.target.files[0] ?? null)}
      />
      <span class="muted small">or drop it here</span>
    </div>
    <span id="${id}-error" class="field-error">${error}</span>
    <span id="${id}-help" class="field-help">${help}</span>
  </div>`;
}
