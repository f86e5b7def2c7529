// Steps through the test set, one sample at a time.
import { html } from "htm/preact";
import { count } from "../../../logic/format.js";

/**
 * @param {{dataset: Dataset, index: number | null,
 *   sample: Samples["samples"][number] | null, onPick: (index: number) => void}} props
 */
export function SamplePicker({ dataset, index, sample, onPick }) {
  const last = dataset.test_count - 1;
  /** @param {number} step */
  const move = (step) => onPick(index === null ? 0 : (index + step + last + 1) % (last + 1));
  /** @param {any} event */
  function typed(event) {
    const number = Number(event.target.value);
    if (Number.isInteger(number) && number >= 0) onPick(Math.min(last, number));
  }
  return html`<div class="sample-picker stack" role="group" aria-label="Test sample">
    <div class="row">
      <button
        type="button"
        class="btn btn-small btn-icon"
        aria-label="Previous test sample"
        onClick=${() => move(-1)}
      >
        ‹
      </button>
      <label class="row small">
        <span class="muted">Test sample</span>
        <input
          class="input input-small sample-number"
          inputmode="numeric"
          autocomplete="off"
          placeholder="none"
          value=${index ?? ""}
          onChange=${typed}
        />
      </label>
      <button
        type="button"
        class="btn btn-small btn-icon"
        aria-label="Next test sample"
        onClick=${() => move(1)}
      >
        ›
      </button>
      <button
        type="button"
        class="btn btn-small"
        onClick=${() => onPick(Math.floor(Math.random() * (last + 1)))}
      >
        Random
      </button>
    </div>
    <p class="muted small numbers">
      ${
        sample
          ? html`Sample ${count(sample.index)} of ${count(last + 1)} is a
              ${" "}<strong>${dataset.class_names[sample.label]}</strong>.`
          : `One of ${count(last + 1)} that the model has not been trained on.`
      }
    </p>
  </div>`;
}
