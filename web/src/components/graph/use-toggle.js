// Opening a neuron takes its box away, closing it the frame: the focus goes to what stands
// there instead.
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * @param {{current: HTMLElement | null}} box around the graph
 * @param {(name: string) => void} onToggle
 * @returns {(name: string) => void}
 */
export function useToggle(box, onToggle) {
  const toggled = useRef("");
  useLayoutEffect(() => {
    if (!toggled.current) return;
    const name = CSS.escape(toggled.current);
    toggled.current = "";
    /** @type {SVGElement | null | undefined} */
    (box.current?.querySelector(`[data-frame="${name}"], [data-group="${name}"]`))?.focus();
  });
  return (name) => {
    toggled.current = name;
    onToggle(name);
  };
}
