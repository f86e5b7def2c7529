// Says whether the server is there.
import { html } from "htm/preact";
import { connected } from "../live.js";
import { useStore } from "../store.js";

export function Connection() {
  const open = useStore(connected);
  const text = open === null ? "Connecting …" : open ? "Live" : "Reconnecting …";
  return html`<span class="connection" role="status" data-open=${String(open)}>${text}</span>`;
}

export function AwayBanner() {
  if (useStore(connected) !== false) return null;
  return html`<p class="away">
    Sweetspot does not answer. The page comes back by itself as soon as it does.
  </p>`;
}
