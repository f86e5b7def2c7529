// An address that means nothing.
import { html } from "htm/preact";
import { PageTitle } from "../components/page-title.js";

export function NotFoundPage() {
  return html`<div class="empty">
    <${PageTitle} title="There is nothing here" />
    <p>The address may be mistyped.</p>
    <a class="btn" href="#/">To the runs</a>
  </div>`;
}
