// One layer's weights as a matrix of colours.
import { html } from "htm/preact";
import { useMemo } from "preact/hooks";
import { SignedCanvas, SignedLegend } from "../../../components/signed-canvas.js";
import { count, short } from "../../../logic/format.js";
import { matrixOf, rangeOf, scaleOf } from "../../../logic/weights.js";

const WIDEST = 640;
const TALLEST = 400;
const LARGEST_CELL = 20;

/** @typedef {import("../../../logic/weights.js").Layer} Layer */

/** @param {Float32Array} values */
function rangeText(values) {
  const [low, high] = rangeOf(values);
  return `${short(low, 3)} to ${short(high, 3)}`;
}

/** @param {number} width @param {number} height CSS pixels a number */
const cellSize = (width, height) =>
  Math.max(1, Math.min(LARGEST_CELL, Math.floor(Math.min(WIDEST / width, TALLEST / height))));

/** @param {{layer: Layer, name: string}} props */
export function Matrix({ layer, name }) {
  const { inputs, outputs, weight, bias } = layer;
  const picture = useMemo(() => matrixOf(layer), [layer]);
  const scale = useMemo(() => scaleOf(weight), [layer]);
  const cut = picture.width < inputs || picture.height < outputs;
  const size = `${count(outputs)} × ${count(inputs)}`;
  return html`<figure class="card stack matrix" data-layer=${layer.index}>
    <figcaption class="row spread">
      <h3>${name}</h3>
      <span class="muted small numbers">${size}</span>
    </figcaption>
    <div class="matrix-box">
      <${SignedCanvas}
        ...${picture}
        scale=${scale}
        cell=${cellSize(picture.width, picture.height)}
        className="matrix-pixels"
        label=${`Weights of ${name}: ${size}, from ${rangeText(weight)}`}
      />
    </div>
    <${SignedLegend} scale=${scale} />
    <p class="muted small numbers">
      Weights ${rangeText(weight)}, biases ${rangeText(bias)}.
      ${cut && ` Its first ${picture.height} × ${picture.width} are shown.`}
    </p>
  </figure>`;
}
