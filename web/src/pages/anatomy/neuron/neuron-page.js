// One neuron, all its numbers and their gradients, by hand.
import { html } from "htm/preact";
import { useMemo, useRef } from "preact/hooks";
import { Icon } from "../../../components/icon.js";
import { LoadNote } from "../../../components/notes.js";
import { Learning } from "../../../components/walk/learning.js";
import { WalkView } from "../../../components/walk/walk-view.js";
import { useTrace } from "../../../data/trace.js";
import { useViewState } from "../../../data/view-state.js";
import {
  changed,
  neuronBody,
  readNeuron,
  replaced,
  withParameters,
  writeNeuron,
} from "../../../logic/anatomy/neuron.js";
import { tidy } from "../../../logic/anatomy/query.js";
import { NUDGE, tourStart } from "../../../logic/anatomy/tour.js";
import { lastOf, placeIn, walkOf } from "../../../logic/anatomy/walk.js";
import { gradientStep, keptMap, round, zeroed } from "../../../logic/anatomy/walk-state.js";
import { Equation } from "./equation.js";
import { NeuronControls } from "./neuron-controls.js";
import { Picture } from "./picture.js";
import { Tour } from "./tour.js";

/** @typedef {import("../../../logic/anatomy/neuron.js").NeuronState} NeuronState */
/** @typedef {import("../../../logic/anatomy/walk.js").Walk} Walk */

/** The engine's numbers for the equation. @param {Walk} walk @param {NeuronState} state */
function resultsOf({ nodes, trace }, { activation, target }) {
  const end = nodes.get(trace.output);
  const out = trace.nodes.find(({ role }) => role === "output") ?? end;
  const sum = activation === "linear" ? out : nodes.get(out?.inputs[0] ?? -1);
  return {
    sum: sum?.data ?? null,
    out: out?.data ?? null,
    loss: target === null ? undefined : end?.data,
  };
}

/** The walk at a state, with what was kept from the pass before.
 * @param {Trace | null} trace @param {number[] | null} kept */
const useWalk = (trace, kept) =>
  useMemo(
    () => (trace ? walkOf(trace, keptMap(trace, kept)) : null),
    [trace, kept?.join()],
  );

/** @typedef {{state: NeuronState, change: (state: NeuronState) => void, walk: Walk,
 *   index: number, fresh: boolean}} PartProps */

/** @param {PartProps} props */
function Parts({ state, change, walk, index, fresh }) {
  const { step, picked } = state;
  /** @param {{numbers: number[], state: any}} result */
  const learn = ({ numbers, state: next }) =>
    change({ ...next, ...withParameters(numbers) });
  const place = step === null && index === lastOf(walk) ? null : index;
  return html`<${WalkView}
      walk=${walk}
      step=${place}
      picked=${picked}
      label="The neuron"
      stale=${!fresh}
      onStep=${(/** @type {number | null} */ to) =>
        change({ ...state, step: state.tour ? (to ?? lastOf(walk)) : to })}
      onPick=${(/** @type {number} */ id) =>
        change({ ...state, picked: id === picked ? null : id })}
    />
    <${Learning}
      walk=${walk}
      state=${{ ...state, step: place }}
      fresh=${fresh}
      what="every weight and the bias"
      onZero=${() => change({ ...state, ...zeroed(walk, { ...state, step: place }) })}
      onLearn=${() => learn(gradientStep(walk, state))}
      onRound=${() => learn(round(walkOf(walk.trace), state))}
      onRate=${(/** @type {number} */ lr) => change({ ...state, lr })}
    />`;
}

/** Starting again brings the tour's own numbers: each step is about them.
 * @param {NeuronState} state @param {(state: NeuronState) => void} change */
function useTour(state, change) {
  const opener = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const started = useRef(false);
  const onGo = (/** @type {number} */ tour) => {
    started.current = true;
    change({ ...readNeuron({}), tour });
  };
  /** @param {number} index */
  const leave = (index) => {
    change({ ...state, tour: null, step: index });
    opener.current?.focus();
  };
  return { opener, started: started.current, onGo, leave };
}

/** @param {{route: import("../../../logic/url.js").Route}} props */
export function NeuronPage({ route }) {
  const [state, change] = useViewState(route.query, readNeuron, writeNeuron);
  const { answer, fresh, error } = useTrace(neuronBody(state));
  const walk = useWalk(answer, state.kept);
  const tour = useTour(state, change);
  const index = walk ? placeIn(walk, state.step ?? tourStart(state.tour, walk)) : 0;
  const nudge = () => {
    const weights = replaced(state.weights, 0, tidy(state.weights[0] + NUDGE));
    change(changed(state, { weights }));
  };
  return html`<div class="stack anatomy">
    <p class="lead prose">
      A <strong>neuron</strong> is the weighted sum of its inputs plus a bias, bent by an
      activation. Change any number and see what follows from it, forward and backward.
    </p>
    <div>
      <button type="button" class="btn" ref=${tour.opener} onClick=${() => tour.onGo(1)}>
        <${Icon} name="play" size=${14} />
        ${state.tour ? "Restart the tour" : "New to this? Take the tour"}
      </button>
    </div>
    ${
      walk &&
      state.tour !== null &&
      html`<${Tour}
        tour=${state.tour}
        index=${index}
        started=${tour.started}
        state=${state}
        walk=${walk}
        onNudge=${nudge}
        onGo=${tour.onGo}
        onLeave=${() => tour.leave(index)}
      />`
    }
    <div class="neuron-top">
      <div class="stack">
        <${NeuronControls} state=${state} onChange=${change} />
        ${walk && html`<${Equation} neuron=${state} ...${resultsOf(walk, state)} />`}
      </div>
      <${Picture}
        neuron=${state}
        onInputs=${(/** @type {number[]} */ inputs) => change(changed(state, { inputs }))}
      />
    </div>
    ${(error || !walk) && html`<${LoadNote} error=${error} what="the graph" />`}
    ${
      walk &&
      html`<${Parts}
        state=${state}
        change=${change}
        walk=${walk}
        index=${index}
        fresh=${fresh}
      />`
    }
  </div>`;
}
