// The plane as the whole network, or one of its units, sees it, with the points over it.
import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { certainty, classesOf } from "../../../logic/anatomy/forward.js";
import { percent, short } from "../../../logic/format.js";
import {
  classPicture,
  onCanvas,
  paintBend,
  paintSamples,
  signedPicture,
} from "./paint.js";

const SIDE = 640;
const RADIUS = 6.5;

/** @typedef {import("../../../logic/anatomy/mlp-units.js").Unit} Unit */
/** @typedef {import("./paint.js").Colours} Colours */
/** @typedef {{values: number[], label: number}[]} SampleList */

/**
 * @typedef {object} SurfaceProps
 * @property {LayerValues[]} layers
 * @property {Float64Array[][]} surfaces  of the inputs, then of each layer's units
 * @property {number} cells
 * @property {number} reach
 * @property {SampleList} samples
 * @property {string[]} classNames
 * @property {Colours} colours
 * @property {Unit | null} shown  null: the whole network
 * @property {string} title
 * @property {number | null} accuracy
 * @property {number} step
 */

/** @param {SurfaceProps} props */
function pictureOf({ surfaces, cells, colours, shown }) {
  if (shown) return signedPicture(surfaces[shown.layer + 1][shown.unit], cells, colours);
  const outputs = surfaces[surfaces.length - 1];
  const classes = classesOf(outputs);
  return classPicture(
    classes,
    certainty(outputs, classes),
    outputs.length,
    cells,
    colours,
  );
}

/** @param {HTMLCanvasElement} canvas @param {SurfaceProps} props */
function paint(canvas, props) {
  const { layers, reach, samples, colours, shown } = props;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.imageSmoothingEnabled = true;
  context.drawImage(onCanvas(pictureOf(props)), 0, 0, SIDE, SIDE);
  paintSamples(context, SIDE, samples, reach, RADIUS, colours);
  if (shown?.layer === 0 && layers.length > 1) {
    const { weights, biases } = layers[0];
    paintBend(context, SIDE, reach, weights[shown.unit], biases[shown.unit], colours);
  }
}

/** Each class as its points look. @param {{names: string[]}} props */
function ClassLegend({ names }) {
  const shapes = [
    html`<circle cx="7" cy="7" r="5" />`,
    html`<rect x="2.5" y="2.5" width="9" height="9" />`,
    html`<path d="M7 1.5l5.5 10h-11z" />`,
  ];
  return html`<ul class="row class-legend small">
    ${names.map(
      (name, i) => html`<li key=${name} class="row">
        <svg width="14" height="14" class="class${i}" aria-hidden="true">${shapes[i]}</svg>
        ${name}
      </li>`,
    )}
  </ul>`;
}

/** @param {SurfaceProps} props */
export function DecisionSurface(props) {
  const { reach, classNames, shown, title, accuracy, step } = props;
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useLayoutEffect(() => {
    if (canvas.current) paint(canvas.current, props);
  });
  const share = percent(accuracy, 1);
  const whole = `Decision surface over ${title}: the network puts ${share} of the points into their class at step ${step}`;
  return html`<figure class="card stack surface-card">
    <figcaption>
      <h2>${shown ? title : "What the network decides"}</h2>
    </figcaption>
    <canvas
      ref=${canvas}
      class="surface"
      width=${SIDE}
      height=${SIDE}
      role="img"
      aria-label=${shown ? `${title} over the plane` : whole}
    />
    <div class="row spread">
      <${ClassLegend} names=${classNames} />
      <span class="small muted numbers">
        x1, x2 from ${short(-reach, 2)} to ${short(reach, 2)}
      </span>
    </div>
    <p class="small muted surface-note">
      ${
        shown
          ? shown.layer === 0
            ? "The dashed line is where its sum is 0: its bend."
            : "Its sum combines what the layer before says."
          : "The colour is the class it would choose, paler where it is less sure."
      }
    </p>
  </figure>`;
}
