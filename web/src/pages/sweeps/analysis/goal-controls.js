// Target accuracy and time limit: what the whole page is judged by, at once.
import { html } from "htm/preact";
import {
  BUDGET_PLACES,
  budgetAt,
  budgetRange,
  placeOfBudget,
  targetRange,
} from "../../../logic/goal.js";
import { budgetText, objectives, targetText } from "../../../logic/objectives.js";
import { NumberBox } from "./number-box.js";

/** @typedef {import("../../../logic/trials.js").Goal} Goal */
/** @typedef {import("../../../logic/sweep-view.js").View} View */
/** @typedef {{view: View, onGoal: (changes: Partial<Goal>) => void}} Props */

/** Per cents without the dust of binary fractions. @param {number} fraction */
const perCent = (fraction) => Math.round(fraction * 1e5) / 1e3;

/** @param {Props} props */
function Target({ view, onGoal }) {
  const { target } = view.goal;
  const [low, high] = targetRange(view.analysis.trials, target);
  return html`<div class="goal">
    <label for="goal-target">Target accuracy</label>
    <input
      id="goal-target"
      type="range"
      min=${low}
      max=${high}
      step="0.001"
      value=${target}
      aria-valuetext=${targetText(target)}
      onInput=${(/** @type {any} */ e) => onGoal({ target: Number(e.target.value) })}
    />
    <${NumberBox}
      label="Target accuracy in per cent"
      unit="%"
      value=${perCent(target)}
      onChange=${(/** @type {number | null} */ value) =>
        value !== null && value > 0 && value <= 100 && onGoal({ target: value / 100 })}
    />
  </div>`;
}

/** @param {Props} props */
function Budget({ view, onGoal }) {
  const { budget } = view.goal;
  const range = budgetRange(view.analysis.trials, budget);
  return html`<div class="goal">
    <label for="goal-budget">Time limit of a run</label>
    <input
      id="goal-budget"
      type="range"
      min="0"
      max=${BUDGET_PLACES}
      step="1"
      value=${placeOfBudget(range, budget)}
      aria-valuetext=${budget === null ? "no limit" : budgetText(budget)}
      onInput=${(/** @type {any} */ e) =>
        onGoal({ budget: budgetAt(range, Number(e.target.value)) })}
    />
    <${NumberBox}
      label="Time limit in seconds, empty for none"
      unit="s"
      placeholder="no limit"
      value=${budget}
      onChange=${(/** @type {number | null} */ value) =>
        (value === null || value > 0) && onGoal({ budget: value })}
    />
  </div>`;
}

/** @param {Props} props */
export function GoalControls({ view, onGoal }) {
  const { objective } = view.goal;
  const used = objectives[objective];
  return html`<div class="goals" role="group" aria-label="What the sweep is judged by">
    <div class="goal">
      <label for="goal-objective">Looking for</label>
      <select
        id="goal-objective"
        class="input input-small"
        value=${objective}
        onChange=${(/** @type {any} */ e) => onGoal({ objective: e.target.value })}
      >
        ${Object.entries(objectives).map(
          ([name, { label }]) => html`<option key=${name} value=${name}>${label}</option>`,
        )}
      </select>
    </div>
    ${used.target && html`<${Target} view=${view} onGoal=${onGoal} />`}
    ${used.budget && html`<${Budget} view=${view} onGoal=${onGoal} />`}
  </div>`;
}
