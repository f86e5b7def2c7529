// A text to take away: JSON, or a command.
import { html } from "htm/preact";
import { CopyButton } from "./copy-button.js";

/** @param {{title: string, text: string}} props */
export function TextBlock({ title, text }) {
  return html`<section class="stack text-block">
    <div class="row spread">
      <h3>${title}</h3>
      <${CopyButton} text=${text} label="Copy" />
    </div>
    <pre tabindex="0" aria-label=${title}>${text}</pre>
  </section>`;
}
