// What the output was before each step, as small as a word.
import { html } from "htm/preact";
import { isNumber, short } from "../../logic/format.js";
import { extent } from "../../logic/stats.js";

const WIDTH = 180;
const HEIGHT = 36;
const MARGIN = 4;

/** @param {{values: (number | null)[]}} props */
export function PastLine({ values }) {
  const known = values.filter(isNumber);
  const [low, high] = extent(known) ?? [0, 1];
  const x = (/** @type {number} */ i) =>
    MARGIN + (i * (WIDTH - 2 * MARGIN)) / Math.max(1, known.length - 1);
  const y = (/** @type {number} */ value) =>
    HEIGHT - MARGIN - ((value - low) * (HEIGHT - 2 * MARGIN)) / (high - low || 1);
  const points = known.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
  return html`<svg
    class="past-line"
    width=${WIDTH}
    height=${HEIGHT}
    role="img"
    aria-label=${`${known.length} values from ${short(known[0])} to ${short(known.at(-1))}`}
  >
    <polyline points=${points.join(" ")} />
    <circle cx=${x(known.length - 1)} cy=${y(known.at(-1) ?? low)} r="3" />
  </svg>`;
}
