// What has to be said about a training, and the ways to and from real runs.
import { html } from "htm/preact";
import { runConfig } from "../../../logic/anatomy/mlp-state.js";
import { count, percent } from "../../../logic/format.js";
import { bestAccuracy, judgedByValidation, title } from "../../../logic/runs.js";
import { href } from "../../../router.js";

/** @typedef {import("../../../data/training.js").Training} Training */
/** @typedef {import("./playground.js").Opened} Opened */

/** @param {{training: Training, settings: import("./playground.js").Settings,
 *   opened: Opened | null}} props */
export function RunLinks({ training, settings, opened }) {
  const config = JSON.stringify(runConfig(settings, training.epoch));
  return html`<div class="row">
    ${
      opened &&
      html`<a class="btn btn-quiet" href=${href(["anatomy", "mlp"])}>Close run ${opened.run.id}</a>`
    }
    <a class="btn" href=${href(["new"], { config })}>Train this as a real run</a>
  </div>`;
}

/** @param {{opened: Opened}} props */
function OpenedNote({ opened: { run, origin } }) {
  const set = judgedByValidation(run) ? "validation" : "test";
  const best = `${percent(bestAccuracy(run))} ${set} accuracy`;
  return html`<p class="note small" data-opened=${run.id}>
    The weights of <a href=${href(["runs", String(run.id)])}>${title(run)}</a> as they
    were at its best step, ${count(origin.step)}: ${best}. Play trains them on with plain
    SGD; Reset brings them back.
  </p>`;
}

/** @param {Training} training */
function problemOf({ error, broken }) {
  if (broken) return "The numbers ran away. Lower the learning rate, then press Reset.";
  return error && `Training stopped: ${error.message}`;
}

/** @param {{training: Training, opened: Opened | null}} props */
export function PlaygroundNotes({ training, opened }) {
  const { missed, step, mixed } = training;
  const problem = problemOf(training);
  return html`${opened && html`<${OpenedNote} opened=${opened} />`}
    ${problem && html`<p class="note note-bad" role="alert">${problem}</p>`}
    ${
      missed > 0 &&
      html`<p class="note small" role="status">
        Trained again up to step ${count(step)}; ${count(missed)} more were too many for a
        reload.
      </p>`
    }
    ${
      mixed &&
      html`<p class="small muted" data-mixed>
        The settings changed while it trained: a reload trains all steps with those of
        now.
      </p>`
    }`;
}
