// Samples of the plane, and one place among them.
import { html } from "htm/preact";
import { COLOURS } from "../logic/colours.js";
import { toShares, windowOf } from "../logic/plane.js";

const SIZE = 100;

/** All dots of a class as one path: a list of such pictures must stay light.
 * @param {import("../logic/plane.js").Window} window
 * @param {Samples["samples"]} samples @param {number} label */
function dotsOf(window, samples, label) {
  const places = samples.filter((sample) => sample.label === label);
  return places
    .map(({ values }) => {
      const [x, y] = toShares(window, [values[0], values[1]]);
      return `M${(x * SIZE).toFixed(1)} ${(y * SIZE).toFixed(1)}h0`;
    })
    .join("");
}

/** The colour of a class wherever samples of the plane are drawn. @param {number} label */
export const classColour = (label) => (label * 3) % COLOURS;

/** @param {{samples: Samples["samples"], place: number[], label: string}} props */
export function PlanePicture({ samples, place, label }) {
  const window = windowOf([...samples, { values: place }]);
  const [x, y] = toShares(window, [place[0], place[1]]);
  const classes = [...new Set(samples.map((sample) => sample.label))];
  return html`<svg
    class="plane-picture"
    viewBox="0 0 ${SIZE} ${SIZE}"
    role="img"
    aria-label=${label}
  >
    ${classes.map(
      (name) => html`<path
        key=${name}
        class=${`dots c${classColour(name)}`}
        d=${dotsOf(window, samples, name)}
      />`,
    )}
    <circle class="place" cx=${x * SIZE} cy=${y * SIZE} r="6" />
    <circle class="place-dot" cx=${x * SIZE} cy=${y * SIZE} r="2" />
  </svg>`;
}
