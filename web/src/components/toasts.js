// Short messages at the bottom of the page, some with a way back.
import { html } from "htm/preact";
import { toasts, dismiss } from "../data/toasts.js";
import { useStore } from "../store.js";

export function Toasts() {
  const list = useStore(toasts);
  return html`<div class="toasts" role="status" aria-live="polite">
    ${list.map(
      (toast) => html`<div class="toast" key=${toast.id}>
        <span>${toast.text}</span>
        ${
          toast.undo
            ? html`<button type="button" onClick=${toast.undo}>Undo</button>`
            : html`<button type="button" onClick=${() => dismiss(toast.id)}>Dismiss</button>`
        }
      </div>`,
    )}
  </div>`;
}
