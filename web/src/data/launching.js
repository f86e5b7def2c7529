// A button that launches and then leaves the page.
import { useState } from "preact/hooks";
import { toastError } from "./toasts.js";

/**
 * Stays busy once it has launched, so that a double click launches once; after a failure,
 * which becomes a toast, it can be pressed again.
 * @param {() => Promise<unknown>} start
 */
export function useLaunching(start) {
  const [busy, setBusy] = useState(false);
  async function press() {
    if (busy) return;
    setBusy(true);
    try {
      await start();
    } catch (error) {
      toastError(error);
      setBusy(false);
    }
  }
  return { busy, press };
}
