// Says whether the server is there, and whether its disk has room.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { getSystem } from "../api.js";
import { connected, listen } from "../live.js";
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

/** Asks once after each (re)connection; events tell of changes. */
function useFullDisk() {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const ask = () =>
      getSystem().then(
        ({ disk }) => setFull(disk.full),
        () => {},
      );
    ask();
    return listen((message) => {
      if (message.type === "disk") setFull(message.disk.full);
      if (message.type === "resync") ask();
    });
  }, []);
  return full;
}

export function DiskBanner() {
  if (!useFullDisk()) return null;
  return html`<p class="away" role="alert">
    The disk is full: runs wait and nothing can be saved. Make some room, and they go on by
    themselves; nothing is lost.
  </p>`;
}
