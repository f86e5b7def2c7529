// A sample's numbers as a picture, one pixel each, bright where they are high.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { extent } from "../logic/stats.js";

/** @param {HTMLCanvasElement} canvas @param {number[]} values */
function paint(canvas, values) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const range = extent(values) ?? [0, 1];
  const low = Math.min(0, range[0]);
  const scale = 255 / (range[1] - low || 1);
  const image = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, i) => {
    image.data.fill((value - low) * scale, 4 * i, 4 * i + 3);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

/** @param {{values: number[], width: number, height: number, label: string,
 *   className?: string}} props */
export function Picture({ values, width, height, label, className = "pixels" }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useEffect(() => {
    if (canvas.current) paint(canvas.current, values);
  }, [values]);
  return html`<canvas
    ref=${canvas}
    class=${className}
    width=${width}
    height=${height}
    role="img"
    aria-label=${label}
  />`;
}
