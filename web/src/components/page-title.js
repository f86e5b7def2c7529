// A page's heading, also in the browser's title.
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";

/** @param {{title: string, children?: unknown}} props */
export function PageTitle({ title, children }) {
  useEffect(() => void (document.title = `${title} · Sweetspot`), [title]);
  return html`<h1>${children ?? title}</h1>`;
}
