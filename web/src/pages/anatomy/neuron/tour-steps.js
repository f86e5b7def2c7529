// The words of the guided tour, for someone who has never seen back-propagation.
import { html } from "htm/preact";
import { chainText, NUDGE, nudged } from "../../../logic/anatomy/tour.js";
import { outputOf } from "../../../logic/anatomy/walk-state.js";
import { number } from "../../../logic/anatomy/words.js";

/** @typedef {import("../../../logic/anatomy/walk.js").Walk} Walk */
/** @typedef {import("../../../logic/anatomy/neuron.js").NeuronState} NeuronState */
/** @typedef {{state: NeuronState, walk: Walk, onNudge: () => void}} TourContext */

/**
 * @typedef {object} TourStep
 * @property {string} title
 * @property {string} part   of the page that is lit up
 * @property {(context: TourContext) => unknown} text
 * @property {unknown} task
 * @property {(context: TourContext) => unknown} done  said once the task is done
 */

/** @param {TourContext} props */
function Nudge({ state, walk, onNudge }) {
  const change = nudged(state);
  return html`<p>
    <button type="button" class="btn btn-small" onClick=${onNudge}>
      Raise w1 by ${NUDGE}
    </button>
    ${
      change &&
      html`<span class="numbers" data-nudged>
        ${" "}The loss went from ${change.before} to ${change.after}: ${change.rate} for each 1
        of w1. Now it is ${number(outputOf(walk))}.
      </span>`
    }
  </p>`;
}

/** @type {TourStep[]} */
export const tourSteps = [
  {
    title: "What a neuron is",
    part: "equation",
    text: () => html`<p>
      A neuron takes some numbers in and gives one number out. It multiplies each input by a
      weight of its own, adds everything up, and adds one more number, the bias. An
      activation, here tanh, then bends that sum: this is the output. The inputs come from
      outside. The weights and the bias belong to the neuron: they are all it can learn.
    </p>`,
    task: "Move any slider and watch the equation follow.",
    done: () =>
      "That is all there is to a neuron. A layer is several of them side by side, " +
      "looking at the same inputs.",
  },
  {
    title: "Forward: from the numbers to the loss",
    part: "graph",
    text: () => html`<p>
      Here is the same arithmetic as a graph. Each box is a number, each circle an operation
      that makes a new number from those on its left. Going left to right is called the
      forward pass. At its right end stands the loss: how far the output is from its target,
      squared. 0 would be perfect.
    </p>`,
    task: "Press Next until the loss has a number (or Play, to watch).",
    done: ({ walk }) =>
      html`The loss is <strong>${number(outputOf(walk))}</strong>. Every data cell is filled;
        every gradient still is 0, because nobody has asked for it yet.`,
  },
  {
    title: "The question that a gradient answers",
    part: "numbers",
    text: (context) => html`<p>
        We want a smaller loss. So, for each weight: if I raise it a tiny bit, does the loss
        rise or fall, and how fast? The answer is that weight's gradient. One way to find it
        is simply to try.
      </p>
      <${Nudge} ...${context} />`,
    task: "Raise w1 a little with the button, and see what the loss does.",
    done: () =>
      "The loss fell: that slope, loss per w1, is w1's gradient. Trying would take a " +
      "forward pass for each weight; a large network has millions. There is a quicker way.",
  },
  {
    title: "Backward: the chain rule",
    part: "graph",
    text: ({ walk }) => {
      const { name, count, text } = chainText(walk);
      return html`<p>
        Start at the end, where the answer is plain: the loss moves exactly as much as
        itself, so its gradient is 1. Then go back one operation at a time. Each knows how
        strongly it passes on a change (its local derivative); times the gradient that has
        arrived from the right (upstream), that is the gradient of the number on its left.
        From the loss back to ${name} lie ${count} operations:
        <span class="numbers" data-chain> ${text}</span>.
      </p>`;
    },
    task: "Press Next until w1 has its gradient. Watch each product appear.",
    done: () =>
      "One walk back, and every weight has its gradient: about the slope that you " +
      "measured by trying. This is back-propagation.",
  },
  {
    title: "The step that learns",
    part: "learning",
    text: ({ state }) => html`<p>
      Each weight now knows which way the loss rises. So move it the other way, a little: new
      weight = old weight − ${state.lr} × gradient. That ${state.lr} is the learning rate.
      Then zero the gradients, since the next backward pass would add to them, and go around
      again. All training is this, many times over.
    </p>`,
    task: "Press Gradient step and watch the loss. Then try Repeat.",
    done: ({ state, walk }) =>
      html`The loss fell from ${number(state.past[0])} to
        <strong> ${number(outputOf(walk))}</strong>. The neuron has learnt something.`,
  },
];
