// One value as micrograd draws it: its op in a circle, then "label | data | grad".
import { html } from "htm/preact";
import { HEIGHT, NUMBER_WIDTH, STEM } from "../../logic/anatomy/blocks.js";
import { isNumber, short } from "../../logic/format.js";

/** @typedef {import("../../logic/anatomy/blocks.js").Block} Block */

const MIDDLE = HEIGHT / 2;

/** Letters that a cell has room for; more are squeezed. */
const ROOM = 7;

/** @param {unknown} value */
function cell(value) {
  if (!isNumber(value)) return "NaN";
  const text = short(value);
  return text.length > ROOM ? short(value, 3) : text;
}

/** @param {{block: Block}} props */
function Op({ block: { op, opWidth } }) {
  if (!op) return null;
  return html`<g class="op">
    <path class="link" d=${`M${opWidth} ${MIDDLE}h${STEM}`} />
    <rect y=${MIDDLE - 14} width=${opWidth} height="28" rx="14" />
    <text x=${opWidth / 2} y=${MIDDLE + 5}>${op}</text>
  </g>`;
}

/** @param {{x: number, kind: string, text: string}} props */
const Cell = ({ x, kind, text }) => html`<g class="cell cell-${kind}">
  <path class="cell-edge" d=${`M${x} 0v${HEIGHT}`} />
  <text class="cell-name" x=${x + NUMBER_WIDTH / 2} y="12">${kind}</text>
  <text
    x=${x + NUMBER_WIDTH / 2}
    y="30"
    textLength=${text.length > ROOM ? NUMBER_WIDTH - 6 : null}
    lengthAdjust="spacingAndGlyphs"
  >
    ${text}
  </text>
</g>`;

/**
 * @typedef {object} BlockProps
 * @property {Block} block
 * @property {{x: number, y: number}} place
 * @property {string} role     of the value
 * @property {unknown} data    undefined: not computed yet
 * @property {number} gradient
 * @property {boolean} lit
 * @property {boolean} changed  by this very step
 * @property {boolean} picked
 * @property {object} [common] attributes of what can be focused: the block, or, where it
 *   is a button, an empty box over its words, which say less than its name
 */

/** @param {BlockProps} props */
export function ValueBlock({ block, place, role, data, gradient, common, ...state }) {
  const left = block.op ? block.opWidth + STEM : 0;
  const numbers = left + block.labelWidth;
  const width = block.width - left;
  return html`<g
    ...${block.closed ? {} : common}
    class="block"
    transform="translate(${place.x} ${place.y})"
    data-role=${block.closed ? "group" : role}
    data-known=${data !== undefined}
    data-lit=${state.lit}
    data-changed=${state.changed}
    data-picked=${state.picked}
  >
    <${Op} block=${block} />
    <rect class="box" x=${left} width=${width} height=${HEIGHT} rx="5" />
    ${
      block.label &&
      html`<text class="block-name" x=${left + block.labelWidth / 2} y="24">
        ${block.label}
      </text>`
    }
    <${Cell} x=${numbers} kind="data" text=${data === undefined ? "?" : cell(data)} />
    <${Cell} x=${numbers + NUMBER_WIDTH} kind="grad" text=${cell(gradient)} />
    ${
      block.closed &&
      html`<rect ...${common} class="hit" x=${left} width=${width} height=${HEIGHT} />`
    }
  </g>`;
}
