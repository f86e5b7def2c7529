// The layer as neurons: every neuron has a line from every input, as thick as its weight.
import { html } from "htm/preact";
import {
  INPUT_RADIUS,
  layoutLayer,
  NEURON_RADIUS,
  WIDTH,
} from "../../../logic/anatomy/layer-layout.js";
import { sumText } from "../../../logic/anatomy/layer-state.js";
import { short } from "../../../logic/format.js";

/** @typedef {import("./layer-page.js").LayerProps} LayerProps */
/** @typedef {import("../../../logic/anatomy/layer-layout.js").Edge} Edge */
/** @typedef {import("../../../logic/anatomy/layer-layout.js").Place} Place */

/** @param {number | null} lit @param {number} neuron */
const look = (lit, neuron) => (lit === null ? "" : lit === neuron ? "lit" : "dim");

/** @param {{edge: Edge, lit: number | null}} props */
function Line({ edge, lit }) {
  const { from, to, weight, width, neuron } = edge;
  return html`<line
    class="edge ${weight < 0 ? "minus" : "plus"} ${look(lit, neuron)}"
    x1=${from.x}
    y1=${from.y}
    x2=${to.x}
    y2=${to.y}
    stroke-width=${width}
  />`;
}

/** What a lit line multiplies by. @param {{edge: Edge}} props */
function WeightLabel({ edge: { middle, weight } }) {
  const text = `× ${short(weight, 3)}`;
  const width = 10 + 7.2 * text.length;
  return html`<g class="weight-label" aria-hidden="true">
    <rect x=${middle.x - width / 2} y=${middle.y - 11} width=${width} height="22" rx="5" />
    <text x=${middle.x} y=${middle.y + 4.5}>${text}</text>
  </g>`;
}

/** @param {{place: Place, index: number, value: number}} props */
function Input({ place, index, value }) {
  return html`<g class="input-node">
    <circle cx=${place.x} cy=${place.y} r=${INPUT_RADIUS} />
    <text x=${place.x} y=${place.y - 5} class="name">x${index + 1}</text>
    <text x=${place.x} y=${place.y + 11}>${short(value, 3)}</text>
  </g>`;
}

/** @param {LayerProps & {place: Place, neuron: number}} props */
function Neuron({ state, results, place, neuron, lit, onHover, onFocus, onPin }) {
  const output = results.outputs[neuron];
  const sum = sumText(state.weights[neuron], state.inputs, state.biases[neuron]);
  const words = `Neuron ${neuron + 1}: ${sum} = ${short(results.sums[neuron])}`;
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onPin(neuron);
  };
  return html`<g
    class="neuron ${look(lit, neuron)}"
    data-neuron=${neuron + 1}
    onMouseEnter=${() => onHover(neuron)}
    onMouseLeave=${() => onHover(null)}
  >
    <circle
      cx=${place.x}
      cy=${place.y}
      r=${NEURON_RADIUS}
      role="button"
      tabindex="0"
      aria-pressed=${state.neuron === neuron}
      aria-label=${words}
      onFocus=${() => onFocus(neuron)}
      onClick=${() => onPin(neuron)}
      onKeyDown=${pressed}
    />
    <g aria-hidden="true">
      <text x=${place.x} y=${place.y - 6} class="name">n${neuron + 1}</text>
      <text x=${place.x} y=${place.y + 11}>${short(output, 3)}</text>
    </g>
    <path class="out" d="M${place.x + NEURON_RADIUS} ${place.y}H${WIDTH - 12}" />
    <path class="tip" d="M${WIDTH - 14} ${place.y - 5}l9 5l-9 5z" />
  </g>`;
}

/** @param {{sign: string}} props */
function Sample({ sign }) {
  return html`<svg width="24" height="8" aria-hidden="true">
    <line class="edge ${sign}" x1="0" y1="4" x2="24" y2="4" stroke-width="4" />
  </svg>`;
}

/** @param {LayerProps} props */
export function NeuronView(props) {
  const { state, lit, onHover } = props;
  const { height, inputs, neurons, edges } = layoutLayer(state.weights);
  const ordered = [...edges].sort(
    (a, b) => Number(a.neuron === lit) - Number(b.neuron === lit),
  );
  return html`<section class="card stack">
    <h2>As neurons</h2>
    <svg
      class="neuron-view"
      viewBox="0 0 ${WIDTH} ${height}"
      role="group"
      aria-label=${`${inputs.length} inputs, each joined to each of ${neurons.length} neurons`}
      onMouseLeave=${() => onHover(null)}
    >
      ${ordered.map(
        (edge) =>
          html`<${Line} key=${`${edge.neuron} ${edge.input}`} edge=${edge} lit=${lit} />`,
      )}
      ${inputs.map(
        (place, i) =>
          html`<${Input} key=${i} place=${place} index=${i} value=${state.inputs[i]} />`,
      )}
      ${neurons.map(
        (place, i) => html`<${Neuron} key=${i} ...${props} place=${place} neuron=${i} />`,
      )}
      ${ordered
        .filter(({ neuron }) => neuron === lit)
        .map((edge) => html`<${WeightLabel} key=${edge.input} edge=${edge} />`)}
    </svg>
    <p class="small muted row sign-legend">
      <span class="row"><${Sample} sign="plus" /> weight above 0</span>
      <span class="row"><${Sample} sign="minus" /> below 0</span>
      <span>thicker: larger</span>
    </p>
  </section>`;
}
