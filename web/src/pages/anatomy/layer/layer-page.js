// From a neuron to a layer: several weighted sums over the same inputs, seen as neurons
// and as a matrix side by side.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { LoadNote } from "../../../components/notes.js";
import { useTrace } from "../../../data/trace.js";
import { useViewState } from "../../../data/view-state.js";
import {
  layerBody,
  readLayer,
  resultsOf,
  sumText,
  writeLayer,
} from "../../../logic/anatomy/layer-state.js";
import { short } from "../../../logic/format.js";
import { InputSliders, LayerControls } from "./layer-controls.js";
import { MatrixView } from "./matrix-view.js";
import { NeuronView } from "./neuron-view.js";

/** @typedef {import("../../../logic/anatomy/layer-state.js").LayerState} LayerState */

/** A slider that moves asks no more often than this. */
const REST_MS = 60;

/**
 * @typedef {object} LayerProps
 * @property {LayerState} state
 * @property {{sums: (number | null)[], outputs: (number | null)[]}} results
 * @property {boolean} fresh  the results are of this very state
 * @property {number | null} lit
 * @property {(neuron: number | null) => void} onHover
 * @property {(neuron: number | null) => void} onFocus
 * @property {(neuron: number) => void} onPin
 * @property {(state: LayerState) => void} onChange
 */

/** One neuron's sum, written out. @param {LayerProps} props */
function SpelledSum({ state, results, lit }) {
  const neuron = lit ?? 0;
  const sum = short(results.sums[neuron]);
  const { weights, inputs, biases, activation } = state;
  return html`<p class="spelled numbers" data-spelled=${neuron + 1}>
    <strong>Neuron ${neuron + 1}</strong>${" "}
    ${sumText(weights[neuron], inputs, biases[neuron])} = <strong>${sum}</strong>
    <span class="muted">, then ${activation}(${sum}) = </span>
    <strong>${short(results.outputs[neuron])}</strong>
  </p>`;
}

/** @param {LayerState} state */
function useResults(state) {
  const { answer, fresh, error } = useTrace(layerBody(state), REST_MS);
  const results = answer ? resultsOf(answer, state) : { sums: [], outputs: [] };
  return { results, fresh, error };
}

/** @param {{route: import("../../../logic/url.js").Route}} props */
export function LayerPage({ route }) {
  const [state, change] = useViewState(route.query, readLayer, writeLayer);
  const [hovered, onHover] = useState(/** @type {number | null} */ (null));
  const [focused, onFocus] = useState(/** @type {number | null} */ (null));
  const { results, fresh, error } = useResults(state);
  const exists = (/** @type {number | null} */ at) =>
    Number(at) < state.biases.length ? at : null;
  const onPin = (/** @type {number} */ neuron) => {
    onFocus(null);
    change({ ...state, neuron: state.neuron === neuron ? null : neuron });
  };
  const props = {
    state,
    results,
    fresh,
    lit: exists(hovered ?? focused ?? state.neuron),
    onHover,
    onFocus,
    onPin,
    onChange: change,
  };
  return html`<div class="stack layer-page">
    <p class="lead">
      A <strong>neuron</strong> is one weighted sum of the inputs. A${" "}
      <strong>layer</strong> is several neurons that look at the same inputs; each keeps
      its own weights and bias. Put those weights one row a neuron, and the whole layer is
      one product: Wx + b.
    </p>
    <${LayerControls} state=${state} onChange=${change} />
    ${error && html`<${LoadNote} error=${error} what="the sums" />`}
    <section class="card stack">
      <${InputSliders} state=${state} onChange=${change} />
      <${SpelledSum} ...${props} />
    </section>
    <div class="layer-views">
      <${NeuronView} ...${props} />
      <${MatrixView} ...${props} />
    </div>
  </div>`;
}
