// A run's accuracy over its life, as small as a word.
import { html } from "htm/preact";
import { colourOf } from "../logic/colours.js";
import { extent } from "../logic/stats.js";

const WIDTH = 72;
const HEIGHT = 22;
const MARGIN = 2;

/** @param {(number | null)[]} values */
function pathOf(values) {
  const range = extent(values);
  if (!range) return "";
  const [low, high] = range;
  const scale = (HEIGHT - 2 * MARGIN) / (high - low || 1);
  const stepWidth = (WIDTH - 2 * MARGIN) / Math.max(1, values.length - 1);
  let pen = "M";
  let path = "";
  values.forEach((value, i) => {
    if (value === null) return void (pen = "M");
    const x = MARGIN + i * stepWidth;
    const y = HEIGHT - MARGIN - (value - low) * scale;
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
  });
  return values.length === 1 ? `${path}h4` : path;
}

/** @param {{id: number, values: (number | null)[]}} props */
export function Sparkline({ id, values }) {
  if (!values.length) return null;
  return html`<svg
    class="spark c${colourOf(id).index}"
    width=${WIDTH}
    height=${HEIGHT}
    aria-hidden="true"
  >
    <path d=${pathOf(values)} />
  </svg>`;
}
