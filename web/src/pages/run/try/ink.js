// Strokes as ink on a canvas, and as what the model takes.
import { preprocess } from "../../../logic/preprocess.js";
import { fittedPen, PAD } from "../../../logic/strokes.js";

/** @typedef {import("../../../logic/strokes.js").Stroke} Stroke */

/** White on black, as MNIST is. @param {CanvasRenderingContext2D} context
 * @param {Stroke[]} strokes @param {number} pen */
export function paintInk(context, strokes, pen) {
  context.fillStyle = "#000";
  context.fillRect(0, 0, PAD, PAD);
  context.strokeStyle = "#fff";
  context.lineWidth = pen;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const stroke of strokes) {
    context.beginPath();
    context.moveTo(...stroke[0]);
    for (const place of stroke) context.lineTo(...place);
    context.stroke();
  }
}

/** @type {CanvasRenderingContext2D | null} */
let hidden = null;

/** @param {Stroke[]} strokes @returns {Float32Array} 28 x 28 from 0 to 1 */
export function inputOf(strokes) {
  if (!hidden) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = PAD;
    hidden = canvas.getContext("2d", { willReadFrequently: true });
  }
  if (!hidden) return new Float32Array(0);
  paintInk(hidden, strokes, fittedPen(strokes));
  const { data } = hidden.getImageData(0, 0, PAD, PAD);
  const grey = new Uint8Array(PAD * PAD);
  for (let i = 0; i < grey.length; i++) grey[i] = data[4 * i];
  return preprocess(grey, PAD, PAD);
}
