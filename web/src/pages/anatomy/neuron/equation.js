// The neuron as one line of arithmetic, each number under its name.
import { html } from "htm/preact";
import { equationText, termsOf } from "../../../logic/anatomy/neuron.js";
import { number } from "../../../logic/anatomy/words.js";

/** @typedef {import("../../../logic/anatomy/neuron.js").Neuron} Neuron */

/** @param {{name?: string, text: string, kind: string}} props */
const Part = ({ name = "", text, kind }) => html`<span class="term" data-kind=${kind}>
  <span class="term-name">${name}</span><span class="term-number">${text}</span>
</span>`;

/**
 * @param {{neuron: Neuron, sum: unknown, out: unknown, loss: unknown}} props as the engine
 *   has them; `loss` undefined: no target
 */
export function Equation({ neuron, sum, out, loss }) {
  const { activation, target } = neuron;
  const bent = activation !== "linear";
  return html`<section class="card stack" data-part="equation">
    <h2>The equation</h2>
    <p class="equation numbers" role="math" aria-label=${equationText(neuron)}>
      ${termsOf(neuron).map(
        ({ name, text, kind }, i) => html`<${Part}
          key=${i}
          name=${kind === "sign" ? "" : name}
          text=${text}
          kind=${kind}
        />`,
      )}
      <${Part} text="=" kind="sign" />
      <${Part} name=${bent ? "sum" : "out"} text=${number(sum)} kind=${bent ? "inner" : "out"} />
      ${
        bent &&
        html`<${Part} text=${`→ ${activation} →`} kind="sign" />
          <${Part} name="out" text=${number(out)} kind="out" />`
      }
    </p>
    ${
      target !== null &&
      html`<p class="small muted numbers">
        The output should be ${number(target)}. How far off it is, squared, is the loss:
        ${" "}(${number(out)} − ${target < 0 ? `(${number(target)})` : number(target)})² =
        <strong class="loss"> ${number(loss)}</strong>
      </p>`
    }
  </section>`;
}
