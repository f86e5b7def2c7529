// Samples as pictures, or, where they have two inputs, as points in the plane.
import { html } from "htm/preact";
import { Picture } from "../../components/picture.js";
import { COLOURS } from "../../logic/colours.js";
import { isPlane } from "../../logic/datasets.js";
import { short } from "../../logic/format.js";
import { extent } from "../../logic/stats.js";

/** @typedef {Samples["samples"][number]} Sample */

/** @param {{sample: Sample, name: string, width: number, height: number}} props */
function SamplePicture({ sample, name, width, height }) {
  return html`<figure class="picture">
    <${Picture} values=${sample.values} width=${width} height=${height} label=${name} />
    <figcaption>${name}</figcaption>
  </figure>`;
}

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

/** @param {{samples: Sample[]}} props */
function Scatter({ samples }) {
  const xs = extent(samples.map(({ values }) => values[0])) ?? [0, 1];
  const ys = extent(samples.map(({ values }) => values[1])) ?? [0, 1];
  const x = scaleOf(xs);
  const y = scaleOf(ys, true);
  return html`<svg
    class="scatter"
    viewBox="0 0 ${SIZE} ${SIZE}"
    role="img"
    aria-label=${`${samples.length} samples in the plane, coloured by class`}
  >
    ${samples.map(
      ({ values, label }) =>
        html`<circle
          class="c${(label * 3) % COLOURS}"
          cx=${x(values[0])}
          cy=${y(values[1])}
          r="3.2"
        />`,
    )}
    <text x=${MARGIN} y=${SIZE - 6}>${short(xs[0], 3)}</text>
    <text x=${SIZE - MARGIN} y=${SIZE - 6} text-anchor="end">${short(xs[1], 3)}</text>
    <text x="0" y=${y(ys[0])}>${short(ys[0], 3)}</text>
    <text x="0" y=${y(ys[1])}>${short(ys[1], 3)}</text>
  </svg>`;
}

/** @param {{dataset: Dataset, answer: Samples}} props */
export function SampleView({ dataset, answer }) {
  if (isPlane(dataset)) return html`<${Scatter} samples=${answer.samples} />`;
  return html`<div class="pictures">
    ${answer.samples.map(
      (sample) => html`<${SamplePicture}
        key=${sample.index}
        sample=${sample}
        name=${dataset.class_names[sample.label] ?? String(sample.label)}
        width=${answer.width}
        height=${answer.height}
      />`,
    )}
  </div>`;
}
