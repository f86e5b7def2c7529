// One of a few choices, all in sight.
import { html } from "htm/preact";
import { useId } from "preact/hooks";

/**
 * @param {{legend: string, options: {value: string, label: string}[], value: string,
 *   onChange: (value: string) => void}} props
 */
export function Segments({ legend, options, value, onChange }) {
  const name = useId();
  return html`<fieldset class="segments">
    <legend>${legend}</legend>
    ${options.map(
      (option) => html`<label key=${option.value}>
        <input
          type="radio"
          name=${name}
          value=${option.value}
          checked=${option.value === value}
          onChange=${() => onChange(option.value)}
        />
        <span>${option.label}</span>
      </label>`,
    )}
  </fieldset>`;
}
