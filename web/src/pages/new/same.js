// The same launch for people who script: JSON, and a curl line.
import { html } from "htm/preact";
import { TextBlock } from "../../components/text-block.js";
import { curl, pretty } from "../../logic/config.js";

/** @param {{path: string, body: Record<string, unknown>}} props `path`: what it is sent to */
export function Same({ path, body }) {
  return html`<section class="card stack">
    <h2>The same without this form</h2>
    <${TextBlock} title="JSON" text=${pretty(body)} />
    <${TextBlock} title="curl" text=${curl(body, location.origin + path)} />
  </section>`;
}
