// A model's outputs for one sample, as bars no larger than a thumb.
import { html } from "htm/preact";
import { isNumber } from "../logic/format.js";
import { barRange, outputsText, shownOutputs } from "../logic/outputs.js";

const WIDTH = 120;
const HEIGHT = 30;
const LYING = 14;
const TEXT = 10;
const GAP = 0.25;
const SHORT_NAME = 2;

/** @param {{value: number | null, low: number, high: number}} props */
function Lying({ value, low, high }) {
  const at = (/** @type {number} */ x) => (WIDTH * (x - low)) / (high - low);
  const end = isNumber(value) ? value : 0;
  return html`<line x1=${at(0)} x2=${at(0)} y1="0" y2=${LYING} />
    <rect
      class="bar-said"
      x=${Math.min(at(0), at(end))}
      y="2"
      width=${Math.abs(at(end) - at(0))}
      height=${LYING - 4}
    />`;
}

/**
 * @param {{outputs: (number | null)[], names: string[], probabilities: boolean,
 *   said: number, right: number}} props `said` and `right` are coloured
 */
export function MiniBars({ outputs, names, probabilities, said, right }) {
  const [low, high] = barRange(outputs, probabilities);
  const what = probabilities ? "Probabilities" : "Outputs";
  const label = `${what}: ${outputsText(outputs, names, probabilities)}`;
  if (outputs.length === 1)
    return html`<svg
      class="mini-bars"
      viewBox="0 0 ${WIDTH} ${LYING}"
      role="img"
      aria-label=${label}
    >
      <${Lying} value=${outputs[0]} low=${low} high=${high} />
    </svg>`;
  const at = (/** @type {number} */ value) => (HEIGHT * (high - value)) / (high - low);
  const shown = shownOutputs(outputs, right);
  const width = WIDTH / shown.length;
  const named = names.every((name) => name.length <= SHORT_NAME);
  return html`<svg
    class="mini-bars"
    viewBox="0 0 ${WIDTH} ${HEIGHT + (named ? TEXT : 1)}"
    role="img"
    aria-label=${label}
  >
    <line x1="0" x2=${WIDTH} y1=${at(0)} y2=${at(0)} />
    ${shown.map((i, place) => {
      const value = Number(outputs[i]) || 0;
      const look = i === right ? "bar-right" : i === said ? "bar-said" : "bar-other";
      return html`<rect
          key=${i}
          class=${look}
          x=${(place + GAP / 2) * width}
          y=${Math.min(at(0), at(value))}
          width=${width * (1 - GAP)}
          height=${Math.abs(at(value) - at(0))}
        />
        ${
          named &&
          html`<text
            class=${look}
            x=${(place + 0.5) * width}
            y=${HEIGHT + TEXT - 1}
            text-anchor="middle"
          >
            ${names[i]}
          </text>`
        }`;
    })}
  </svg>`;
}
