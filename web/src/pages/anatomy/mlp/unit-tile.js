// What one unit says all over the plane, as a small picture.
import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { signedPicture } from "./paint.js";

/** The page's policy bars style attributes; positions are set through the object model.
 * @param {Record<string, number>} pixels @returns {(element: HTMLElement | null) => void} */
export const placed = (pixels) => (element) => {
  if (!element) return;
  for (const [name, value] of Object.entries(pixels))
    element.style.setProperty(name, `${value}px`);
};

/**
 * @param {{values: Float64Array, cells: number, colours: import("./paint.js").Colours}} props
 */
export function UnitPicture({ values, cells, colours }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(signedPicture(values, cells, colours), 0, 0);
  }, [values, cells, colours]);
  return html`<canvas ref=${canvas} width=${cells} height=${cells} aria-hidden="true" />`;
}

/**
 * @param {{values: Float64Array, cells: number, colours: import("./paint.js").Colours,
 *   seat: import("../../../logic/anatomy/mlp-layout.js").Seat, tile: number, name: string,
 *   pressed: boolean, onHover: (over: boolean) => void, onSelect: () => void}} props
 */
export function UnitTile({
  values,
  cells,
  colours,
  seat,
  tile,
  name,
  pressed,
  onHover,
  onSelect,
}) {
  const { left, top } = seat;
  return html`<button
    type="button"
    class="unit"
    aria-label=${name}
    aria-pressed=${pressed}
    ref=${placed({ left, top, width: tile, height: tile })}
    onMouseEnter=${() => onHover(true)}
    onMouseLeave=${() => onHover(false)}
    onFocus=${() => onHover(true)}
    onBlur=${() => onHover(false)}
    onClick=${onSelect}
  >
    <${UnitPicture} values=${values} cells=${cells} colours=${colours} />
  </button>`;
}
