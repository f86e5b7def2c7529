// What is trained and how: every change takes effect at the next step.
import { html } from "htm/preact";
import { RateInput } from "../../../components/rate-input.js";
import { Segments } from "../../../components/segments.js";
import { useTyped } from "../../../components/text-keeper.js";
import {
  activations,
  batchNotch,
  batchSizes,
  datasets,
} from "../../../logic/anatomy/mlp-state.js";
import { count, plural } from "../../../logic/format.js";

/** @typedef {import("../../../logic/anatomy/mlp-state.js").Settings} Settings */
/** @typedef {{settings: Settings,
 *   onChange: (changes: Partial<Settings>) => void}} ControlProps */

/** @param {ControlProps} props */
function Rate({ settings, onChange }) {
  const typed = useTyped(String(settings.lr), Number);
  const change = (/** @type {string} */ text) => {
    typed.current = text;
    const lr = Number(text);
    if (lr > 0 && lr <= 10) onChange({ lr });
  };
  return html`<div class="field">
    <label for="mlp-lr">Learning rate</label>
    <${RateInput}
      common=${{ id: "mlp-lr", class: "input" }}
      text=${typed.current}
      onChange=${change}
    />
    <span class="field-help">How far a step goes.</span>
  </div>`;
}

/** @param {ControlProps & {points: number}} props */
function Batch({ settings, points, onChange }) {
  const { batch_size: batch } = settings;
  const used = Math.min(batch, points);
  const steps = plural(Math.ceil(points / used), "step");
  const slide = (/** @type {any} */ event) =>
    onChange({ batch_size: batchSizes[Number(event.target.value)] });
  return html`<div class="field">
    <label for="mlp-batch">Batch size</label>
    <div class="batch">
      <output class="numbers" for="mlp-batch">${count(batch)}</output>
      <input
        id="mlp-batch"
        type="range"
        min="0"
        max=${batchSizes.length - 1}
        step="1"
        value=${batchNotch(batch)}
        aria-valuetext=${`${batch} points a step`}
        onInput=${slide}
      />
    </div>
    <span class="field-help">
      ${used} of ${count(points)} points a step: ${steps} an epoch.
    </span>
  </div>`;
}

/** @param {ControlProps} props */
function Seed({ settings, onChange }) {
  const read = (/** @type {string} */ text) =>
    /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  const typed = useTyped(String(settings.seed), read);
  const typing = (/** @type {any} */ event) => {
    typed.current = event.target.value;
    const seed = read(typed.current);
    if (seed >= 0) onChange({ seed });
  };
  return html`<div class="field">
    <label for="mlp-seed">Seed</label>
    <input
      id="mlp-seed"
      class="input"
      inputmode="numeric"
      autocomplete="off"
      value=${typed.current}
      onInput=${typing}
    />
    <span class="field-help">Of weights and batches.</span>
  </div>`;
}

/** @param {ControlProps} props */
function Activation({ settings, onChange }) {
  return html`<div class="field">
    <label for="mlp-activation">Activation</label>
    <select
      id="mlp-activation"
      class="input"
      value=${settings.activation}
      onChange=${(/** @type {any} */ e) => onChange({ activation: e.target.value })}
    >
      ${activations.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
    </select>
    <span class="field-help">The bend of each neuron.</span>
  </div>`;
}

/** @param {ControlProps & {points: number}} props */
export function MlpControls({ settings, points, onChange }) {
  const props = { settings, onChange };
  return html`<section class="card mlp-controls" aria-label="Settings">
    <div class="field field-data">
      <${Segments}
        legend="Data"
        options=${datasets.map((name) => ({ value: name, label: name }))}
        value=${settings.dataset}
        onChange=${(/** @type {string} */ dataset) => onChange({ dataset })}
      />
    </div>
    <${Rate} ...${props} />
    <${Batch} ...${props} points=${points} />
    <${Activation} ...${props} />
    <${Seed} ...${props} />
  </section>`;
}
