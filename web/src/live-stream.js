// One EventSource that never gives up. Owned by the shared worker, or by the page itself
// where there is no SharedWorker.

/**
 * @typedef {{type: "status", open: boolean}
 *   | {type: "resync"}
 *   | {type: "run", run: Run}
 *   | {type: "point", run: number, point: Point}
 *   | {type: "sweep", sweep: Sweep}
 *   | {type: "disk", disk: {full: boolean}}} LiveMessage
 */

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 4000;

/**
 * Opens the stream and sends what it says. After each (re)connection, and when the server
 * says that it left something out, a "resync" tells pages to fetch what they show.
 * @param {(message: LiveMessage) => void} send
 * @returns {() => void} closes it for good
 */
export function openStream(send) {
  let wait = FIRST_RETRY_MS;
  /** @type {EventSource} */
  let source;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function opened() {
    wait = FIRST_RETRY_MS;
    send({ type: "status", open: true });
    send({ type: "resync" });
  }

  function failed() {
    source.close();
    send({ type: "status", open: false });
    timer = setTimeout(connect, wait);
    wait = Math.min(wait * 2, LAST_RETRY_MS);
  }

  function connect() {
    source = new EventSource("/events");
    source.addEventListener("open", opened);
    source.addEventListener("error", failed);
    source.addEventListener("gap", () => send({ type: "resync" }));
    for (const type of /** @type {const} */ (["run", "point", "sweep", "disk"]))
      source.addEventListener(type, (event) =>
        send({ type, ...JSON.parse(event.data) }),
      );
  }

  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
