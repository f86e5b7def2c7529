// Signed numbers as a picture in blue and orange, and what its colours mean.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { theme } from "../data/theme.js";
import { short } from "../logic/format.js";
import { signedPixels } from "../logic/signed.js";
import { useStore } from "../store.js";

/**
 * @param {{values: ArrayLike<number>, width: number, height: number, scale: number,
 *   label?: string, className?: string, cell?: number}} props `cell`: CSS pixels a number,
 *   where the style sheet does not say how large; without a label it is only decoration
 */
export function SignedCanvas({ values, width, height, scale, label, className, cell }) {
  const ground = useStore(theme);
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!canvas.current || !context) return;
    const image = new ImageData(signedPixels(values, scale, ground), width, height);
    context.putImageData(image, 0, 0);
    if (cell) canvas.current.style.width = `${cell * width}px`;
  }, [values, width, height, scale, ground, cell]);
  const role = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return html`<canvas
    ref=${canvas}
    class=${className}
    width=${width}
    height=${height}
    ...${role}
  />`;
}

const RAMP = Float32Array.from({ length: 101 }, (_, i) => (i - 50) / 50);

/** @param {{scale: number}} props */
export function SignedLegend({ scale }) {
  return html`<p class="row small muted numbers signed-legend">
    <span>${short(-scale, 2)}</span>
    <${SignedCanvas}
      values=${RAMP}
      width=${RAMP.length}
      height=${1}
      scale=${1}
      className="signed-ramp"
    />
    <span>${short(scale, 2)}</span>
    <span>blue above zero, orange below</span>
  </p>`;
}
