// A name of any length on one line: cut where the room ends, whole on hovering.
import { html } from "htm/preact";

/** @param {{text: string}} props */
export const Clipped = ({ text }) =>
  html`<span class="clipped" title=${text}>${text}</span>`;
