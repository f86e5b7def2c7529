import { html } from "htm/preact";
import { PageTitle } from "../../components/page-title.js";

/** @param {{route: import("../../logic/url.js").Route}} props */
export function SweepPage({ route }) {
  return html`<${PageTitle} title=${`Sweep ${route.parts[1]}`} />`;
}
