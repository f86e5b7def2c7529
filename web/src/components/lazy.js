// Parts of the page whose modules are fetched when they are first shown, so that the part
// that is opened has to wait for no other.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { LoadNote } from "./notes.js";

/** What browsers say instead names a file. */
const away = new Error("the server is away, or of another version by now");

/**
 * A component that stands for the one that `load` brings.
 * @template P
 * @param {() => Promise<import("preact").FunctionComponent<P>>} load
 * @returns {import("preact").FunctionComponent<P>}
 */
export function lazy(load) {
  /** @type {import("preact").FunctionComponent<P> | null} */
  let loaded = null;
  return (props) => {
    const [Part, setPart] = useState(() => loaded);
    const [error, setError] = useState(/** @type {Error | null} */ (null));
    useEffect(() => {
      const show = (/** @type {import("preact").FunctionComponent<P>} */ part) => {
        if (!part) throw away;
        setPart(() => (loaded = part));
      };
      if (!Part) load().then(show).catch(() => setError(away));
    }, []);
    // A module that could not be fetched is not asked for again in every browser, and one
    // of a newer version does not fit: only a new page helps, which opens at this address.
    return Part
      ? html`<${Part} ...${props} />`
      : html`<${LoadNote} error=${error} what="this part of the page" onRetry=${() => location.reload()} />`;
  };
}
