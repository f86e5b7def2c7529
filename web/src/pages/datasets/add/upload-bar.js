// How far an upload is, and the way out of it.
import { html } from "htm/preact";
import { sentText } from "../../../logic/upload.js";

/** @param {{progress: import("./use-upload.js").Progress, onCancel: () => void}} props */
export function UploadBar({ progress: { sent, total }, onCancel }) {
  return html`<div class="stack upload-bar">
    <progress max="1" value=${sent / total} aria-label="Upload" />
    <div class="row spread">
      <span class="muted small numbers" role="status">${sentText(sent, total)}</span>
      <button type="button" class="btn" onClick=${onCancel}>Cancel</button>
    </div>
  </div>`;
}
