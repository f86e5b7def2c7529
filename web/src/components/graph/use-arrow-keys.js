// One of many items is in the tab order; the arrow keys move the focus among them.
import { useState } from "preact/hooks";

/** @type {Record<string, number>} */
const moves = {
  ArrowLeft: -1,
  ArrowUp: -1,
  ArrowRight: 1,
  ArrowDown: 1,
  Home: -Infinity,
  End: Infinity,
};

/**
 * @param {{current: HTMLElement | null}} box around the items, `.block` each; one with a
 *   `.hit` has the focus there
 * @param {number} count of them
 */
export function useArrowKeys(box, count) {
  const [wanted, focused] = useState(0);
  const at = Math.min(wanted, count - 1);
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const item = /** @type {Element} */ (event.target).closest(".block");
    if (!item || !(event.key in moves) || event.ctrlKey || event.altKey || event.metaKey)
      return;
    event.preventDefault();
    const next = Math.min(count - 1, Math.max(0, at + moves[event.key]));
    const items = box.current?.querySelectorAll(".block") ?? [];
    /** @type {SVGElement | null} */ (items[next]?.querySelector(".hit") ?? items[next])?.focus();
  };
  return { at, focused, onKeyDown };
}
