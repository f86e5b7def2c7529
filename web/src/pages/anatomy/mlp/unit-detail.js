// What one unit computes: its weights and bias.
import { html } from "htm/preact";
import { sourceName, unitFormula, unitName } from "../../../logic/anatomy/mlp-units.js";
import { short } from "../../../logic/format.js";

/** @typedef {import("../../../logic/anatomy/mlp-units.js").Unit} Unit */

/** @param {{name: string, value: number}} props */
function Weight({ name, value }) {
  return html`<li>
    <span>${name}</span>
    <svg width="36" height="10" aria-hidden="true">
      <line
        class="edge ${value < 0 ? "minus" : "plus"}"
        x1="2" y1="5" x2="34" y2="5"
        stroke-width=${Math.min(9, 0.5 + 1.5 * Math.abs(value)).toFixed(2)}
      />
    </svg>
    <span class="numbers">${short(value, 3)}</span>
  </li>`;
}

/**
 * @param {{unit: Unit | null, activation: string,
 *   layers: LayerValues[],
 *   onClose: () => void}} props
 */
export function UnitDetail({ unit, activation, layers, onClose }) {
  if (!unit)
    return html`<section class="card stack">
      <h2>One neuron</h2>
      <p class="muted">Click a tile to see its weights and bias.</p>
    </section>`;
  const { layer } = unit;
  const weights = layers[layer].weights[unit.unit];
  const bias = layers[layer].biases[unit.unit];
  const last = layer === layers.length - 1;
  return html`<section class="card stack unit-detail" aria-label="One neuron">
    <div class="row spread">
      <h2>${unitName(unit, layers.length)}</h2>
      <button type="button" class="btn btn-small btn-quiet" onClick=${onClose}>Close</button>
    </div>
    <p class="numbers formula">${unitFormula(layer, weights, bias, last ? null : activation)}</p>
    <ul class="weights">
      ${weights.map(
        (value, i) =>
          html`<${Weight} key=${i} name=${sourceName(layer, i)} value=${value} />`,
      )}
      <${Weight} name="bias" value=${bias} />
    </ul>
    ${
      layer > 0 &&
      html`<p class="small muted">n1, n2 … are the neurons of the layer before.</p>`
    }
  </section>`;
}
