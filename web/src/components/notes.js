// What a page says when there is nothing to show: still loading, or a failure.
import { html } from "htm/preact";

/** @param {{error: Error | null, what: string, onRetry?: () => void}} props */
export function LoadNote({ error, what, onRetry }) {
  if (!error) return html`<p class="muted" role="status">Loading ${what} …</p>`;
  return html`<div class="note note-bad row spread" role="alert">
    <span>Could not load ${what}: ${error.message}</span>
    ${
      onRetry &&
      html`<button type="button" class="btn btn-small" onClick=${onRetry}>Retry</button>`
    }
  </div>`;
}
