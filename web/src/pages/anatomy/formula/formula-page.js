// A formula of a person's own as a graph, with all its gradients.
import { html } from "htm/preact";
import { useMemo } from "preact/hooks";
import { LoadNote } from "../../../components/notes.js";
import { NumberSlider } from "../../../components/number-slider.js";
import { Learning } from "../../../components/walk/learning.js";
import { WalkView } from "../../../components/walk/walk-view.js";
import { useTrace } from "../../../data/trace.js";
import { useViewState } from "../../../data/view-state.js";
import {
  examples,
  formulaBody,
  readFormula,
  revalued,
  rewritten,
  valueOf,
  variablesOf,
  writeFormula,
} from "../../../logic/anatomy/formula.js";
import { walkOf } from "../../../logic/anatomy/walk.js";
import { gradientStep, keptMap, round, zeroed } from "../../../logic/anatomy/walk-state.js";
import { FormulaBox } from "./formula-box.js";

/** @typedef {import("../../../logic/anatomy/formula.js").FormulaState} FormulaState */
/** @typedef {import("../../../logic/anatomy/walk.js").Walk} Walk */

const TYPING_MS = 250;
/** More sliders than this would be a page of their own. */
const MOST_SLIDERS = 24;

/** @param {{state: FormulaState, change: (state: FormulaState) => void}} props */
const Examples = ({ state, change }) => html`<div
  class="row"
  role="group"
  aria-label="Examples"
>
  ${examples.map(
    ({ name, about, text, values }) => html`<button
      key=${name}
      type="button"
      class="btn btn-small"
      title=${about}
      aria-pressed=${state.text === text}
      onClick=${() => change(rewritten(state, { text, values }))}
    >
      ${name}
    </button>`,
  )}
</div>`;

/** @typedef {{state: FormulaState, change: (state: FormulaState) => void}} StateProps */

/** @param {StateProps & {trace: Trace}} props */
function Variables({ state, change, trace }) {
  const variables = variablesOf(trace);
  const shown = variables.slice(0, MOST_SLIDERS);
  return html`<section class="card stack" data-part="variables">
    <h2>The variables</h2>
    ${
      variables.length === 0 &&
      html`<p class="muted small">This formula has none: it is made of constants.</p>`
    }
    <div class="sliders" role="group" aria-label="Variables">
      ${shown.map(
        ({ name, value }) => html`<${NumberSlider}
          key=${name}
          name=${name}
          kind="variable"
          value=${valueOf(state, name) ?? value ?? 0}
          reach=${5}
          onChange=${(/** @type {number} */ number) =>
            change(revalued(state, { [name]: number }))}
        />`,
      )}
    </div>
    ${
      shown.length < variables.length &&
      html`<p class="muted small">
        The first ${MOST_SLIDERS} of ${variables.length}; the others are 1, or what an example
        set.
      </p>`
    }
  </section>`;
}

/** @param {StateProps & {walk: Walk, fresh: boolean}} props */
function Graph({ state, change, walk, fresh }) {
  const names = variablesOf(walk.trace).map(({ name }) => name);
  /** @param {{numbers: number[], state: any}} result */
  const learn = ({ numbers, state: next }) => {
    const values = Object.fromEntries(names.map((name, i) => [name, numbers[i]]));
    change({ ...next, values: { ...state.values, ...values } });
  };
  return html`<${WalkView}
      walk=${walk}
      step=${state.step}
      picked=${state.picked}
      label="The formula"
      stale=${!fresh}
      onStep=${(/** @type {number | null} */ step) => change({ ...state, step })}
      onPick=${(/** @type {number} */ id) =>
        change({ ...state, picked: id === state.picked ? null : id })}
    />
    ${
      names.length > 0 &&
      html`<${Learning}
        walk=${walk}
        state=${state}
        fresh=${fresh}
        what="every variable"
        onZero=${() => change({ ...state, ...zeroed(walk, state) })}
        onLearn=${() => learn(gradientStep(walk, state))}
        onRound=${() => learn(round(walkOf(walk.trace), state))}
        onRate=${(/** @type {number} */ lr) => change({ ...state, lr })}
      />`
    }`;
}

/** What the box can show is wrong with the text; null: something else is.
 * @param {Error | null} error */
const refusalOf = (error) => (Number(/** @type {any} */ (error)?.status) === 400 ? error : null);

/** @param {{route: import("../../../logic/url.js").Route}} props */
export function FormulaPage({ route }) {
  const [state, change] = useViewState(route.query, readFormula, writeFormula);
  const { answer, fresh, error } = useTrace(formulaBody(state), TYPING_MS);
  const refusal = fresh ? refusalOf(error) : null;
  const walk = useMemo(
    () => (answer ? walkOf(answer, keptMap(answer, state.kept)) : null),
    [answer, state.kept?.join()],
  );
  const about = examples.find(({ text }) => text === state.text)?.about;
  return html`<div class="stack anatomy">
    <p class="lead prose">
      Any formula is a graph of small operations, and back-propagation finds the gradient of
      every value in it. Type one, or take an example.
    </p>
    <div class="formula-top">
      <section class="card stack">
        <${Examples} state=${state} change=${change} />
        ${about && html`<p class="small muted">${about}</p>`}
        <${FormulaBox}
          text=${state.text}
          error=${refusal}
          onChange=${(/** @type {string} */ text) => change(rewritten(state, { text }))}
        />
      </section>
      ${answer && html`<${Variables} state=${state} change=${change} trace=${answer} />`}
    </div>
    ${
      ((error && !refusal && fresh) || (!walk && !refusal)) &&
      html`<${LoadNote} error=${error} what="the graph" />`
    }
    ${
      walk &&
      html`<${Graph} state=${state} change=${change} walk=${walk} fresh=${fresh && !refusal} />`
    }
  </div>`;
}
