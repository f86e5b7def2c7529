// The sweep's answer in words, large and first.
import { html } from "htm/preact";
import { launch } from "../../../data/actions.js";
import { useLaunching } from "../../../data/launching.js";
import * as words from "../../../logic/answer.js";
import { headOf, objectives } from "../../../logic/objectives.js";
import { settingText } from "../../../logic/settings.js";
import { unlimitedSeconds } from "../../../logic/sweep-view.js";
import { GoalControls } from "./goal-controls.js";

/** @typedef {import("../../../logic/sweep-view.js").View} View */

/** @param {{config: Record<string, unknown> | undefined}} props */
function LaunchButton({ config }) {
  const { busy, press } = useLaunching(() => launch(config ?? {}));
  return html`<button
    type="button"
    class="btn btn-primary"
    disabled=${busy || !config}
    onClick=${press}
  >
    Launch this setting
  </button>`;
}

/** @param {{view: View, answer: Answer}} props */
function Found({ view, answer }) {
  const { analysis, goal, cells } = view;
  const { objective } = goal;
  const name = settingText(analysis.parameters, cells[answer.cell].values);
  return html`<div class="stack answer-text">
    <p class="answer" aria-live="polite" data-answer>
      <span class="answer-head">${headOf(goal)}${view.live && " so far"}:</span>${" "}
      <strong>${name}:</strong>${" "}
      <span class="numbers">
        ${objectives[objective].value(answer.value)}${" "}
        <span class="answer-range">${words.rangeText(answer, answer.seeds, objective)}</span>
      </span>
    </p>
    <p>
      ${words.costText(answer, objective)} ${words.runnerUpText(analysis, answer, objective)}${" "}
      <span data-never>${sentence(words.neverText(answer, objective))}</span>
    </p>
    <p class="small muted">
      ${words.provenanceText(analysis)} ${words.testText(answer, analysis)}
    </p>
    <div class="row"><${LaunchButton} config=${answer.config} /></div>
  </div>`;
}

/** @param {string} text */
const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** @param {{view: View}} props */
function NotFound({ view }) {
  const { analysis, goal, cells, live } = view;
  const nearest = words.nearestText(analysis, cells, goal);
  const hint = words.hintText(goal, unlimitedSeconds(view), live);
  return html`<div class="stack answer-text">
    <p class="answer" aria-live="polite" data-answer>
      <span class="answer-head">${headOf(goal)}:</span>${" "}
      <strong>no setting${live ? " so far" : ""}</strong>
    </p>
    ${(nearest || live) && html`<p>${nearest} ${hint}</p>`}
    <p class="small muted">${words.provenanceText(analysis)}</p>
  </div>`;
}

/**
 * @param {{view: View,
 *   onGoal: (changes: Partial<import("../../../logic/trials.js").Goal>) => void}} props
 */
export function AnswerCard({ view, onGoal }) {
  return html`<section class="card answer-card" aria-label="Answer">
    ${
      view.answer
        ? html`<${Found} view=${view} answer=${view.answer} />`
        : html`<${NotFound} view=${view} />`
    }
    <${GoalControls} view=${view} onGoal=${onGoal} />
  </section>`;
}
