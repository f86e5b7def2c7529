// The shared worker: one event stream for every tab of the browser, however many are
// open. A browser allows six connections to a server; a stream a tab would use them up.
import { openStream } from "./live-stream.js";

/** @type {Set<MessagePort>} */
const ports = new Set();
let open = false;

openStream((message) => {
  if (message.type === "status") open = message.open;
  for (const port of ports) port.postMessage(message);
});

addEventListener("connect", (event) => {
  const port = /** @type {MessageEvent} */ (event).ports[0];
  const attach = () => {
    ports.add(port);
    port.postMessage({ type: "status", open });
  };
  port.onmessage = ({ data }) => (data === "leave" ? ports.delete(port) : attach());
  attach();
});
