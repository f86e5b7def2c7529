// One sample on its way through the network, as the graph of values that it is: forward to
// the loss and backward to every weight. Neurons stand as one box each and open.
import { html } from "htm/preact";
import { useMemo, useState } from "preact/hooks";
import { LoadNote } from "../../../components/notes.js";
import { Stepper } from "../../../components/stepper.js";
import { WalkView } from "../../../components/walk/walk-view.js";
import { useTrace } from "../../../data/trace.js";
import { readCount } from "../../../logic/anatomy/query.js";
import { walkOf } from "../../../logic/anatomy/walk.js";
import { number } from "../../../logic/anatomy/words.js";
import { setQuery } from "../../../router.js";

/** While the network trains, its numbers change too fast to be looked at. */
const REST_MS = 300;

/**
 * @typedef {object} SampleProps
 * @property {Record<string, string>} query
 * @property {LayerValues[]} layers
 * @property {string} activation
 * @property {Samples["samples"]} samples  to choose from
 * @property {string[]} classNames
 */

/** Which neurons show all their values. */
function useOpened() {
  const [open, setOpen] = useState(/** @type {Set<string>} */ (new Set()));
  /** @param {string} name */
  const toggle = (name) => {
    const next = new Set(open);
    if (!next.delete(name)) next.add(name);
    setOpen(next);
  };
  return { open, toggle };
}

/** @param {SampleProps} props */
function Graph({ query, layers, activation, samples, classNames }) {
  const { open, toggle } = useOpened();
  const at = Math.min(readCount(query.sample, 1) ?? 1, samples.length);
  const { values, label } = samples[at - 1];
  const body = { kind: "mlp", inputs: values, layers, activation, loss: "cross_entropy", label };
  const { answer, fresh, error } = useTrace(body, REST_MS);
  const walk = useMemo(() => (answer ? walkOf(answer) : null), [answer]);
  const picked = readCount(query.value, 0);
  return html`<div class="row">
      <${Stepper}
        label="Sample"
        noun="sample"
        value=${at}
        min=${1}
        max=${samples.length}
        onChange=${(/** @type {number} */ to) => setQuery({ sample: to > 1 ? to : null })}
      />
      <span class="small muted numbers">
        x1 ${number(values[0])}, x2 ${number(values[1])}: ${classNames[label]}
      </span>
    </div>
    ${
      walk
        ? html`<${WalkView}
            walk=${walk}
            step=${readCount(query.walk, 0)}
            picked=${picked}
            label="The network"
            stale=${!fresh}
            open=${open}
            onToggle=${toggle}
            onStep=${(/** @type {number | null} */ walked) => setQuery({ walk: walked })}
            onPick=${(/** @type {number} */ id) =>
              setQuery({ value: id === picked ? null : id })}
          />`
        : html`<${LoadNote} error=${error} what="the graph" />`
    }`;
}

/** @param {SampleProps} props */
export function SampleGraph(props) {
  const open = props.query.graph === "1";
  const toggled = (/** @type {any} */ event) => {
    if (event.target.open !== open) setQuery({ graph: event.target.open ? 1 : null });
  };
  return html`<details class="card sample-graph" open=${open} onToggle=${toggled}>
    <summary><h2>One sample through the network, value by value</h2></summary>
    <div class="stack">
      <p class="prose muted small">
        The same network as a graph of numbers. Forward gives the loss of this one sample,
        backward the gradient of every weight. A step of training takes the mean of these
        gradients over its batch. A box is a neuron; open one to see inside.
      </p>
      ${open && html`<${Graph} ...${props} />`}
    </div>
  </details>`;
}
