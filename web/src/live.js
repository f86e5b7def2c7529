// Live events for this page: from the shared worker, or from a stream of its own that is
// closed while the page is hidden.
import { openStream } from "./live-stream.js";
import { createStore } from "./store.js";

/** @typedef {import("./live-stream.js").LiveMessage} LiveMessage */

/** A worker that has said nothing for so long is done without: the page waits for it. */
const WORKER_MS = 3000;

/** Is the server there? null: not known yet. */
export const connected = createStore(/** @type {boolean | null} */ (null));

/** @type {Set<(message: LiveMessage) => void>} */
const listeners = new Set();
/** @type {() => void} */
let nowAttached = () => {};

/** Settles once events reach this page: what is fetched after it misses nothing. */
export const attached = new Promise(
  (resolve) => (nowAttached = () => resolve(undefined)),
);

/** @param {LiveMessage} message */
function receive(message) {
  if (message.type === "status") {
    if (message.open || connected.value !== null) connected.set(message.open);
    nowAttached();
  }
  for (const listener of listeners) listener(message);
}

/** @param {(message: LiveMessage) => void} listener @returns {() => void} unsubscribes */
export function listen(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function startOwnStream() {
  let close = openStream(receive);
  document.addEventListener("visibilitychange", () => {
    close();
    if (!document.hidden) close = openStream(receive);
  });
  nowAttached();
}

function startShared() {
  const address = new URL("/assets/live-worker.js", location.href);
  const worker = new SharedWorker(address, { type: "module", name: "sweetspot-live" });
  const { port } = worker;
  const leaving = new AbortController();
  const doWithout = () => {
    leaving.abort();
    port.onmessage = null;
    port.postMessage("leave");
    startOwnStream();
  };
  const timer = setTimeout(doWithout, WORKER_MS);
  leaving.signal.addEventListener("abort", () => clearTimeout(timer));
  const { signal } = leaving;
  worker.addEventListener("error", doWithout, { once: true, signal });
  port.onmessage = ({ data }) => {
    clearTimeout(timer);
    receive(data);
  };
  addEventListener("pagehide", () => port.postMessage("leave"), { signal });
  const returned = (/** @type {PageTransitionEvent} */ event) => {
    if (!event.persisted) return;
    port.postMessage("attach");
    receive({ type: "resync" });
  };
  addEventListener("pageshow", returned, { signal });
}

export function startLive() {
  if ("SharedWorker" in globalThis) startShared();
  else startOwnStream();
}
