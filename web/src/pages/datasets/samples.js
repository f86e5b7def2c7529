// Samples as pictures, or, where they have two inputs, as points in the plane.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { COLOURS } from "../../logic/colours.js";
import { short } from "../../logic/format.js";
import { extent } from "../../logic/stats.js";

/** @typedef {{label: number, values: number[]}} Sample */

/** @param {any} answer @returns {Sample[]} */
function readSamples(answer) {
  const list = answer.samples ?? [];
  return list.map((/** @type {any} */ sample) => ({
    label: sample.label,
    values: sample.values ?? sample.inputs ?? sample.input ?? sample.pixels ?? [],
  }));
}

/** @param {HTMLCanvasElement} canvas @param {number[]} values @param {number} width */
function paint(canvas, values, width) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const range = extent(values) ?? [0, 1];
  const low = Math.min(0, range[0]);
  const scale = 255 / (range[1] - low || 1);
  const image = context.createImageData(width, values.length / width);
  values.forEach((value, i) => {
    image.data.fill((value - low) * scale, 4 * i, 4 * i + 3);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

/** @param {{sample: Sample, name: string}} props */
function Picture({ sample, name }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const width = Math.round(Math.sqrt(sample.values.length));
  useEffect(() => {
    if (canvas.current) paint(canvas.current, sample.values, width);
  }, [sample]);
  return html`<figure class="picture">
    <canvas ref=${canvas} width=${width} height=${width} role="img" aria-label=${`A ${name}`} />
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
        html`<circle class="c${(label * 3) % COLOURS}" cx=${x(values[0])} cy=${y(values[1])} r="3.2" />`,
    )}
    <text x=${MARGIN} y=${SIZE - 6}>${short(xs[0], 3)}</text>
    <text x=${SIZE - MARGIN} y=${SIZE - 6} text-anchor="end">${short(xs[1], 3)}</text>
    <text x="0" y=${y(ys[0])}>${short(ys[0], 3)}</text>
    <text x="0" y=${y(ys[1])}>${short(ys[1], 3)}</text>
  </svg>`;
}

/** @param {{dataset: Dataset, answer: unknown, flat: boolean}} props */
export function Samples({ dataset, answer, flat }) {
  const samples = readSamples(answer);
  const names = /** @type {string[]} */ (dataset.class_names ?? dataset.labels ?? []);
  if (flat) return html`<${Scatter} samples=${samples} />`;
  return html`<div class="pictures">
    ${samples.map(
      (sample, i) =>
        html`<${Picture} key=${i} sample=${sample} name=${String(names[sample.label] ?? sample.label)} />`,
    )}
  </div>`;
}
