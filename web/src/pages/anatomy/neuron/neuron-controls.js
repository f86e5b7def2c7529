// Everything of a neuron that can be set by hand.
import { html } from "htm/preact";
import { useId } from "preact/hooks";
import { NumberSlider } from "../../../components/number-slider.js";
import { activationWords } from "../../../logic/anatomy/activations.js";
import { changed, MAX_INPUTS, replaced, resized } from "../../../logic/anatomy/neuron.js";

/** @typedef {import("../../../logic/anatomy/neuron.js").NeuronState} NeuronState */
/** @typedef {{state: NeuronState, onChange: (state: NeuronState) => void}} ControlProps */

const counts = Array.from({ length: MAX_INPUTS }, (_, i) => i + 1);
const names = Object.keys(activationWords);

/** @param {ControlProps} props */
function Shape({ state, onChange }) {
  const [inputs, activation] = [useId(), useId()];
  return html`<div class="row neuron-shape">
    <label class="row small" for=${inputs}>
      Inputs
      <select
        id=${inputs}
        class="input input-small"
        value=${state.inputs.length}
        onChange=${(/** @type {any} */ e) => onChange(resized(state, Number(e.target.value)))}
      >
        ${counts.map((count) => html`<option value=${count}>${count}</option>`)}
      </select>
    </label>
    <label class="row small" for=${activation}>
      Activation
      <select
        id=${activation}
        class="input input-small"
        value=${state.activation}
        onChange=${(/** @type {any} */ e) =>
          onChange({ ...changed(state, { activation: e.target.value }), picked: null })}
      >
        ${names.map((name) => html`<option value=${name}>${name}</option>`)}
      </select>
    </label>
    <span class="small muted">${activationWords[state.activation]}</span>
  </div>`;
}

/** @param {ControlProps} props */
function Target({ state, onChange }) {
  /** @param {number | null} target */
  const set = (target) => onChange({ ...changed(state, { target }), picked: null });
  return html`<div class="stack neuron-target">
    <label class="check">
      <input
        type="checkbox"
        checked=${state.target !== null}
        onChange=${(/** @type {any} */ e) => set(e.target.checked ? 1 : null)}
      />
      With a target: loss = (out − target)²
    </label>
    ${
      state.target !== null &&
      html`<${NumberSlider}
        name="target"
        value=${state.target}
        reach=${2}
        onChange=${set}
      />`
    }
  </div>`;
}

/** @param {ControlProps} props */
export function NeuronControls({ state, onChange }) {
  const { inputs, weights, bias } = state;
  return html`<section class="card stack" data-part="numbers">
    <h2>The numbers</h2>
    <${Shape} state=${state} onChange=${onChange} />
    <div class="sliders" role="group" aria-label="Inputs, weights and bias">
      ${inputs.map(
        (input, i) => html`<${NumberSlider}
            key=${`x${i}`}
            name=${`x${i + 1}`}
            kind="input"
            value=${input}
            reach=${5}
            step=${0.1}
            onChange=${(/** @type {number} */ value) =>
              onChange(changed(state, { inputs: replaced(inputs, i, value) }))}
          />
          <${NumberSlider}
            key=${`w${i}`}
            name=${`w${i + 1}`}
            kind="weight"
            value=${weights[i]}
            reach=${3}
            onChange=${(/** @type {number} */ value) =>
              onChange(changed(state, { weights: replaced(weights, i, value) }))}
          />`,
      )}
      <${NumberSlider}
        name="b"
        kind="bias"
        value=${bias}
        reach=${5}
        onChange=${(/** @type {number} */ value) => onChange(changed(state, { bias: value }))}
      />
    </div>
    <${Target} state=${state} onChange=${onChange} />
  </section>`;
}
