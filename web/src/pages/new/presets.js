// Ready configs to start from.
import { html } from "htm/preact";

/**
 * @param {{presets: Preset[], isChosen: (preset: Preset) => boolean,
 *   onChoose: (preset: Preset) => void}} props
 */
export function Presets({ presets, isChosen, onChoose }) {
  if (!presets.length) return null;
  return html`<section>
    <h2 class="visually-hidden">Presets</h2>
    <ul class="presets">
      ${presets.map(
        (preset) => html`<li key=${preset.name}>
          <button
            type="button"
            class="preset"
            aria-pressed=${isChosen(preset)}
            onClick=${() => onChoose(preset)}
          >
            <strong>${preset.title || preset.name}</strong>
            <span>${preset.description}</span>
          </button>
        </li>`,
      )}
    </ul>
  </section>`;
}
