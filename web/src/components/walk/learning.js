// What gradients are for: steps against them, again and again, and the output goes down.
import { html } from "htm/preact";
import { plural } from "../../logic/format.js";
import { canLearn, outputOf } from "../../logic/anatomy/walk-state.js";
import { goalFirst, goalOf, number } from "../../logic/anatomy/words.js";
import { RateSlider } from "./rate-slider.js";
import { PastLine } from "./past-line.js";
import { useRounds } from "./use-rounds.js";

/** @typedef {import("../../logic/anatomy/walk.js").Walk} Walk */
/** @typedef {import("../../logic/anatomy/walk-state.js").WalkState} WalkState */

const MANY = 10;

/**
 * @typedef {object} LearningProps
 * @property {Walk} walk
 * @property {WalkState} state
 * @property {boolean} fresh  the walk is about the newest numbers
 * @property {string} what    is moved: "every weight and the bias"
 * @property {() => void} onZero
 * @property {() => void} onLearn  a gradient step
 * @property {() => void} onRound  a whole round
 * @property {(lr: number) => void} onRate
 */

/** @param {LearningProps} props */
function Progress({ walk, state }) {
  const goal = goalFirst(walk);
  const now = outputOf(walk);
  const before = state.past.at(-1);
  if (before === undefined)
    return html`<p class="past" data-goal>${goal} is <strong>${number(now)}</strong>.</p>`;
  return html`<p class="past row" data-goal>
    <span>
      ${goal}: ${number(before)} → <strong>${number(now)}</strong>
      <span class="muted"> after ${plural(state.taken, "step")}</span>
    </span>
    <${PastLine} values=${[...state.past, now]} />
  </p>`;
}

/** @param {LearningProps} props */
export function Learning(props) {
  const { walk, state, fresh, what, onRate } = props;
  const goal = goalOf(walk);
  const able = fresh && canLearn(walk, state.step);
  const rounds = useRounds(fresh, state.taken, props.onRound);
  return html`<section class="card stack learning" data-part="learning">
    <h2>Learn</h2>
    <p class="muted small prose">
      A gradient step moves ${what} against its gradient: new = old − lr × gradient. That
      makes ${goal} smaller, if lr is not too large.
    </p>
    <div class="row">
      <button
        type="button"
        class="btn btn-primary"
        aria-disabled=${able ? null : "true"}
        aria-describedby="learn-hint"
        onClick=${() => able && props.onLearn()}
      >
        Gradient step
      </button>
      <button type="button" class="btn" onClick=${props.onZero}>Zero grad</button>
      <button type="button" class="btn" onClick=${() => rounds.start(1)}>Repeat</button>
      <button type="button" class="btn" onClick=${() => rounds.start(MANY)}>
        ${rounds.left > 1 ? `Stop (${rounds.left} left)` : `Repeat ${MANY} times`}
      </button>
    </div>
    <p class="small muted" id="learn-hint">
      ${
        able
          ? "Repeat does a whole round: zero grad, forward, backward, gradient step."
          : "A gradient step needs the gradients: walk backward first, or press Repeat."
      }
    </p>
    <${RateSlider} value=${state.lr} onChange=${onRate} />
    <${Progress} ...${props} />
  </section>`;
}
