// Findings come, go and change places while a run trains; the keyboard stays where it is.
import { useLayoutEffect, useRef } from "preact/hooks";

/** @typedef {{current: HTMLElement | null}} Ref */

/**
 * A moved element loses the focus, and one that is gone had better leave it near by.
 * @returns {{list: Ref, heading: Ref}} `list`: around what moves; `heading`: gets the
 *   focus of what is gone
 */
export function useKeptFocus() {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  const held = active && list.current?.contains(active) ? active : null;
  useLayoutEffect(() => {
    if (!held || document.activeElement === held) return;
    const next = held.isConnected ? held : heading.current;
    next?.focus({ preventScroll: true });
  });
  return { list, heading };
}
