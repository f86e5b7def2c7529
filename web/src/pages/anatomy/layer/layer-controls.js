// How many inputs and neurons, which activation, and sliders for the inputs.
import { html } from "htm/preact";
import { Stepper } from "../../../components/stepper.js";
import {
  activations,
  MAX_INPUTS,
  MAX_NEURONS,
  redraw,
  replaced,
  resize,
  startLayer,
} from "../../../logic/anatomy/layer-state.js";
import { short } from "../../../logic/format.js";

const REACH = 3;

/** @typedef {import("../../../logic/anatomy/layer-state.js").LayerState} LayerState */
/** @typedef {{state: LayerState, onChange: (state: LayerState) => void}} ControlProps */

/** @param {ControlProps} props */
function Sizes({ state, onChange }) {
  const { inputs, biases } = state;
  /** @param {number} count */
  const setInputs = (count) => onChange(resize(state, count, biases.length));
  /** @param {number} count */
  const setNeurons = (count) => onChange(resize(state, inputs.length, count));
  return html`<${Stepper}
      label="Inputs"
      noun="an input"
      value=${inputs.length}
      min=${1}
      max=${MAX_INPUTS}
      onChange=${setInputs}
    />
    <${Stepper}
      label="Neurons"
      noun="a neuron"
      value=${biases.length}
      min=${1}
      max=${MAX_NEURONS}
      onChange=${setNeurons}
    />`;
}

/** @param {ControlProps} props */
export function LayerControls({ state, onChange }) {
  const choose = (/** @type {any} */ event) =>
    onChange({ ...state, activation: event.target.value });
  return html`<div class="row layer-controls">
    <${Sizes} state=${state} onChange=${onChange} />
    <label class="row small">
      Activation
      <select class="input input-small" value=${state.activation} onChange=${choose}>
        ${activations.map((name) => html`<option value=${name}>${name}</option>`)}
      </select>
    </label>
    <button type="button" class="btn btn-small" onClick=${() => onChange(redraw(state))}>
      New random weights
    </button>
    <button
      type="button"
      class="btn btn-small btn-quiet"
      onClick=${() => onChange(startLayer())}
    >
      Start over
    </button>
  </div>`;
}

/** @param {ControlProps} props */
export function InputSliders({ state, onChange }) {
  /** @param {number} at @param {number} value */
  const set = (at, value) =>
    onChange({ ...state, inputs: replaced(state.inputs, at, value) });
  return html`<div class="input-sliders" role="group" aria-label="The inputs">
    ${state.inputs.map(
      (value, i) => html`<label key=${i} class="input-slider">
        <span>x<sub>${i + 1}</sub></span>
        <input
          type="range"
          min=${-REACH}
          max=${REACH}
          step="0.1"
          value=${value}
          aria-label=${`Input ${i + 1}, slider`}
          aria-valuetext=${short(value)}
          onInput=${(/** @type {any} */ e) => set(i, Number(e.target.value))}
        />
        <output class="numbers">${short(value)}</output>
      </label>`,
    )}
  </div>`;
}
