// Ready configs to start from.
import { html } from "htm/preact";
import { difference, same } from "../../logic/config.js";
import { setQuery } from "../../router.js";

/**
 * @param {{presets: Preset[], config: Record<string, unknown>,
 *   defaults: Record<string, unknown>}} props
 */
export function Presets({ presets, config, defaults }) {
  if (!presets.length) return null;
  return html`<section>
    <h2 class="visually-hidden">Presets</h2>
    <ul class="presets">
      ${presets.map(
        (preset) => html`<li key=${preset.name}>
          <button
            type="button"
            class="preset"
            aria-pressed=${same(difference(preset.config, defaults), config)}
            onClick=${() => setQuery({ config: JSON.stringify(preset.config) })}
          >
            <strong>${preset.title || preset.name}</strong>
            <span>${preset.description}</span>
          </button>
        </li>`,
      )}
    </ul>
  </section>`;
}
