// What a neuron says about all inputs at once: a curve over one, colours over two.
import { html } from "htm/preact";
import { LineChart } from "../../../charts/line-chart.js";
import { Plane } from "../../../components/plane.js";
import { activate } from "../../../logic/anatomy/activations.js";
import { boundary } from "../../../logic/anatomy/boundary.js";
import { outOf, replaced, sumOf } from "../../../logic/anatomy/neuron.js";
import { short } from "../../../logic/format.js";

/** @typedef {import("../../../logic/anatomy/neuron.js").Neuron} Neuron */

const REACH = 5;
const POINTS = 101;
const none = new Set();

/** @param {Neuron} neuron @returns {import("../../../charts/spec.js").Spec} */
function curveSpec(neuron) {
  const { inputs, weights, bias } = neuron;
  const f = activate[neuron.activation];
  const data = Array.from({ length: POINTS }, (_, i) => {
    const x = Number((REACH * ((2 * i) / (POINTS - 1) - 1)).toFixed(2));
    return { x, y: f(weights[0] * x + bias) };
  });
  const out = outOf(neuron);
  const zero = -bias / weights[0];
  return {
    title: "All inputs at once",
    label:
      `The neuron's output over x1 from ${-REACH} to ${REACH}; ` +
      `at x1 ${short(inputs[0])} it is ${short(out)}`,
    lines: [{ key: "out", label: "output", colour: 1, data }],
    xTitle: "x1",
    format: (y) => short(y, 3),
    best: { x: inputs[0], y: out },
    limit: Math.abs(zero) <= REACH ? { x: zero, label: "sum = 0" } : undefined,
  };
}

/** Further inputs stay where they are. @param {Neuron} neuron */
function planeOf(neuron) {
  const { weights, activation } = neuron;
  const [w1, w2] = weights;
  const rest = sumOf({ ...neuron, inputs: [0, 0, ...neuron.inputs.slice(2)] });
  const f = activate[activation];
  return {
    value: (/** @type {number} */ x, /** @type {number} */ y) => f(w1 * x + w2 * y + rest),
    line: boundary(w1, w2, rest, REACH),
  };
}

/** @param {{neuron: Neuron, onInputs: (inputs: number[]) => void}} props */
function PlanePicture({ neuron, onInputs }) {
  const { inputs } = neuron;
  const { value, line } = planeOf(neuron);
  const further = inputs.length > 2;
  const label =
    `The neuron's output over x1 and x2 from ${-REACH} to ${REACH}; at (${short(inputs[0])}, ` +
    `${short(inputs[1])}) it is ${short(outOf(neuron))}; ` +
    (line ? "a straight line divides the plane where the weighted sum is 0" : "no line");
  return html`<section class="card stack" data-part="picture">
    <h2>All inputs at once</h2>
    <${Plane}
      value=${value}
      reach=${REACH}
      point=${{ x: inputs[0], y: inputs[1] }}
      line=${line}
      label=${label}
      axes=${["x1", "x2"]}
      onMove=${(/** @type {{x: number, y: number}} */ { x, y }) =>
        onInputs(replaced(replaced(inputs, 0, x), 1, y))}
    />
    <p class="small muted">
      Colour: the output for every pair of inputs. The line: where the weighted sum is 0. The
      weights turn it, the bias shifts it. The ring: your inputs; click to move it.
      ${further && " The other inputs stay where their sliders are."}
    </p>
  </section>`;
}

/** @param {{neuron: Neuron, onInputs: (inputs: number[]) => void}} props */
export function Picture({ neuron, onInputs }) {
  if (neuron.inputs.length > 1)
    return html`<${PlanePicture} neuron=${neuron} onInputs=${onInputs} />`;
  return html`<${LineChart} spec=${curveSpec(neuron)} hidden=${none} onToggle=${() => {}}>
    <p class="small muted">
      The output for every input. The weight sets how steep it is, the bias shifts it. The
      ring: your input.
    </p>
  <//>`;
}
