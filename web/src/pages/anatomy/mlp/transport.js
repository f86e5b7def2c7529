// Step, Epoch, Play, Reset, and the numbers as they stand.
import { html } from "htm/preact";
import { Icon } from "../../../components/icon.js";
import { Segments } from "../../../components/segments.js";
import { speeds } from "../../../logic/anatomy/mlp-state.js";
import { count, fixed, percent, short } from "../../../logic/format.js";

/** @typedef {import("../../../data/training.js").Training} Training */

/**
 * @param {{training: Training, speed: number, onSpeed: (speed: number) => void}} props
 */
export function Transport({ training, speed, onSpeed }) {
  const { playing, broken } = training;
  const epochEnd = () => training.stepsAnEpoch - (training.step % training.stepsAnEpoch);
  return html`<div class="row transport" role="group" aria-label="Training">
    <button
      type="button"
      class="btn btn-primary play"
      disabled=${broken}
      onClick=${() => (playing ? training.pause() : training.play())}
    >
      <${Icon} name=${playing ? "pause" : "play"} size=${14} /> ${playing ? "Pause" : "Play"}
    </button>
    <button
      type="button"
      class="btn"
      disabled=${broken || playing}
      onClick=${() => training.advance(1)}
    >
      Step
    </button>
    <button
      type="button"
      class="btn"
      disabled=${broken || playing}
      onClick=${() => training.advance(epochEnd())}
    >
      Epoch
    </button>
    <button type="button" class="btn" onClick=${() => training.reset()}>Reset</button>
    <${Segments}
      legend="Steps a frame"
      options=${speeds.map((value) => ({ value: String(value), label: String(value) }))}
      value=${String(speed)}
      onChange=${(/** @type {string} */ value) => onSpeed(Number(value))}
    />
  </div>`;
}

/** @param {{training: Training, testAccuracy: number | null}} props */
export function Numbers({ training, testAccuracy }) {
  const { step, epoch, loss, accuracy } = training;
  return html`<dl class="tiles mlp-numbers">
    ${[
      ["step", "Step", count(step)],
      ["epoch", "Epoch", short(Math.floor(epoch * 100) / 100)],
      ["loss", "Loss", fixed(loss)],
      ["accuracy", "Training accuracy", percent(accuracy, 1)],
      ["test", "Test accuracy", percent(testAccuracy, 1)],
    ].map(
      ([name, label, value]) => html`<div class="tile" key=${name}>
        <dt>${label}</dt>
        <dd data-number=${name}>${value}</dd>
      </div>`,
    )}
  </dl>`;
}
