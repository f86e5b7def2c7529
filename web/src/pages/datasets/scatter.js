// Samples with two inputs as points in the plane, in the units of the file.
import { html } from "htm/preact";
import { classColour } from "../../components/plane-picture.js";
import { columnsOf, userText } from "../../logic/columns.js";
import { short } from "../../logic/format.js";
import { extent } from "../../logic/stats.js";

const SIZE = 420;
const MARGIN = 28;

/** @param {[number, number]} range @param {boolean} [flipped] */
function scaleOf([low, high], flipped) {
  const factor = (SIZE - 2 * MARGIN) / (high - low || 1);
  return (/** @type {number} */ value) => {
    const at = MARGIN + (value - low) * factor;
    return flipped ? SIZE - at : at;
  };
}

/** @param {{dataset: Dataset, samples: Samples["samples"]}} props */
export function Scatter({ dataset, samples }) {
  const [across, up] = columnsOf(dataset);
  const xs = extent(samples.map(({ values }) => values[0])) ?? [0, 1];
  const ys = extent(samples.map(({ values }) => values[1])) ?? [0, 1];
  const x = scaleOf(xs);
  const y = scaleOf(ys, true);
  const own = Boolean(dataset.columns);
  /** @param {Column} column @param {number} value */
  const text = (column, value) => (own ? userText(column, value) : short(value, 3));
  return html`<figure class="stack">
    <svg
      class="scatter"
      viewBox="0 0 ${SIZE} ${SIZE}"
      role="img"
      aria-label=${`${samples.length} samples in the plane, coloured by class`}
    >
      ${samples.map(
        ({ values, label }) =>
          html`<circle class="c${classColour(label)}" cx=${x(values[0])} cy=${y(values[1])} r="3.2" />`,
      )}
      <text x=${MARGIN} y=${SIZE - 6}>${text(across, xs[0])}</text>
      <text x=${SIZE - MARGIN} y=${SIZE - 6} text-anchor="end">${text(across, xs[1])}</text>
      <text x="0" y=${y(ys[0])}>${text(up, ys[0])}</text>
      <text x="0" y=${y(ys[1])}>${text(up, ys[1])}</text>
    </svg>
    ${
      own &&
      html`<figcaption class="row small muted scatter-axes">
        <span>→ ${across.name}</span><span>↑ ${up.name}</span>
      </figcaption>`
    }
  </figure>`;
}
