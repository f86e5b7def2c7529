// The same layer as a matrix: a row of W for each neuron, x as a column, and the sums.
import { html } from "htm/preact";
import { replaced } from "../../../logic/anatomy/layer-state.js";
import { short } from "../../../logic/format.js";
import { NumberBox } from "./number-box.js";

/** @typedef {import("./layer-page.js").LayerProps} LayerProps */

/** @param {number} i */
const inputName = (i) => html`x<sub>${i + 1}</sub>`;

/** @param {LayerProps} props */
function Head({ state }) {
  const { inputs, activation } = state;
  return html`<thead>
    <tr>
      <td></td>
      <th scope="colgroup" colspan=${inputs.length}>W</th>
      <th scope="col" rowspan="2" class="cell-x">x</th>
      <th scope="col" rowspan="2">+ b</th>
      <th scope="col" rowspan="2" class="num">= Wx + b</th>
      <th scope="col" rowspan="2" class="num">${activation}(Wx + b)</th>
    </tr>
    <tr>
      <td></td>
      ${inputs.map((_, i) => html`<th key=${i} scope="col">for ${inputName(i)}</th>`)}
    </tr>
  </thead>`;
}

/** The inputs are a column of their own, beside all rows. @param {LayerProps} props */
function InputColumn({ state, onChange }) {
  const { inputs, biases } = state;
  /** @param {number} at @param {number} value */
  const set = (at, value) => onChange({ ...state, inputs: replaced(inputs, at, value) });
  return html`<td class="cell-x" rowspan=${biases.length}>
    <ul class="vector">
      ${inputs.map(
        (value, i) => html`<li key=${i}>
          <${NumberBox}
            label=${`Input ${i + 1}`}
            value=${value}
            onChange=${(/** @type {number} */ v) => set(i, v)}
          />
        </li>`,
      )}
    </ul>
  </td>`;
}

/** @param {LayerProps & {neuron: number}} props */
function Row(props) {
  const { state, results, lit, neuron, onHover, onFocus, onChange } = props;
  const { inputs, weights, biases } = state;
  /** @param {number} at @param {number} value */
  const setWeight = (at, value) => {
    const row = replaced(weights[neuron], at, value);
    onChange({ ...state, weights: replaced(weights, neuron, row) });
  };
  const setBias = (/** @type {number} */ value) =>
    onChange({ ...state, biases: replaced(biases, neuron, value) });
  return html`<tr
    class=${lit === neuron ? "lit" : ""}
    data-neuron=${neuron + 1}
    onMouseEnter=${() => onHover(neuron)}
    onMouseLeave=${() => onHover(null)}
    onFocusIn=${() => onFocus(neuron)}
  >
    <th scope="row">Neuron ${neuron + 1}</th>
    ${inputs.map(
      (_, i) => html`<td key=${i}>
        <${NumberBox}
          label=${`Neuron ${neuron + 1}, weight of input ${i + 1}`}
          value=${weights[neuron][i]}
          onChange=${(/** @type {number} */ value) => setWeight(i, value)}
        />
      </td>`,
    )}
    ${neuron === 0 && html`<${InputColumn} ...${props} />`}
    <td>
      <${NumberBox}
        label=${`Neuron ${neuron + 1}, bias`}
        value=${biases[neuron]}
        onChange=${setBias}
      />
    </td>
    <td class="num cell-sum" data-sum>${short(results.sums[neuron])}</td>
    <td class="num cell-out" data-output>${short(results.outputs[neuron])}</td>
  </tr>`;
}

/** @param {LayerProps} props */
export function MatrixView(props) {
  return html`<section class="card stack">
    <h2>As a matrix: the sums are the rows</h2>
    <div class="matrix-scroll">
      <table class="layer-matrix" data-fresh=${props.fresh}>
        <caption class="visually-hidden">
          The weights W, the inputs x, the biases b and the outputs of the layer
        </caption>
        <${Head} ...${props} />
        <tbody>
          ${props.state.biases.map(
            (_, neuron) => html`<${Row} key=${neuron} ...${props} neuron=${neuron} />`,
          )}
        </tbody>
      </table>
    </div>
    <p class="small muted">
      A row of W times the column x, entry by entry and summed, plus the row's own b: that
      is one neuron. Change a row and only its own sum moves; change an input and all of
      them do.
    </p>
  </section>`;
}
