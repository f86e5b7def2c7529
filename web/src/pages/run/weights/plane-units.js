// The first layer over two inputs: each unit's weights are an arrow in the plane.
import { html } from "htm/preact";
import { useMemo } from "preact/hooks";
import { Clipped } from "../../../components/clipped.js";
import { fixed, isNumber, short } from "../../../logic/format.js";
import { unitsOf } from "../../../logic/weights.js";
import { OrderSwitch } from "./order-switch.js";

const REACH = 1.2;
const HEAD = 0.06;
const MOST_NAMED = 32;

/** @typedef {import("../../../logic/weights.js").Layer} Layer */
/** @typedef {import("../../../logic/weights.js").Unit} Unit */

/** @param {{unit: Unit, longest: number, named: boolean}} props */
function Arrow({ unit, longest, named }) {
  const [x, y] = [unit.weights[0] / longest, -unit.weights[1] / longest];
  const angle = Math.atan2(y, x);
  const side = (/** @type {number} */ turn) =>
    `${x - HEAD * Math.cos(angle + turn)} ${y - HEAD * Math.sin(angle + turn)}`;
  return html`<g>
    <path d=${`M0 0L${x} ${y}M${side(0.45)}L${x} ${y}L${side(-0.45)}`} />
    ${
      named &&
      html`<text
        x=${x + 0.07 * Math.cos(angle)}
        y=${y + 0.07 * Math.sin(angle) + 0.025}
        text-anchor="middle"
      >
        ${unit.index + 1}
      </text>`
    }
  </g>`;
}

/** @param {{units: Unit[]}} props */
function Arrows({ units: all }) {
  const units = all.filter(({ norm }) => isNumber(norm));
  const longest = Math.max(0, ...units.map(({ norm }) => norm)) || 1;
  return html`<svg
    class="weight-arrows"
    viewBox="${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}"
    role="img"
    aria-label=${`Weights of ${units.length} units as arrows; the longest is ${short(longest, 3)} long`}
  >
    <circle r="1" />
    <line x1=${-REACH} x2=${REACH} />
    <line y1=${-REACH} y2=${REACH} />
    ${units.map(
      (unit) => html`<${Arrow}
        key=${unit.index}
        unit=${unit}
        longest=${longest}
        named=${units.length <= MOST_NAMED}
      />`,
    )}
    <text x="0.03" y="-1.03">${short(longest, 3)}</text>
  </svg>`;
}

/** @param {{layer: Layer, name: string, last: boolean, dataset: Dataset,
 *   columns: Column[], order: "index" | "norm"}} props */
export function PlaneUnits({ layer, name, last, dataset, columns, order }) {
  const units = useMemo(() => unitsOf(layer, order), [layer, order]);
  const what = last ? "Class" : "Unit";
  return html`<section class="stack">
    <div class="row spread">
      <h2>Where the units of ${name} look</h2>
      <${OrderSwitch} order=${order} />
    </div>
    <p class="muted small prose">
      A unit's two weights are an arrow: it answers more strongly the further a point lies
      in that direction (across ${columns[0].name}, up ${columns[1].name}). The bias moves the line where it begins to answer.
    </p>
    <div class="plane-units">
      <div class="card"><${Arrows} units=${units} /></div>
      <div
        class="table-scroll table-tall"
        tabindex="0"
        role="region"
        aria-label="Weights as a table"
      >
        <table>
          <thead>
            <tr>
              <th scope="col">${what}</th>
              ${columns.map(
                (column, i) => html`<th key=${i} class="num" scope="col">
                  <${Clipped} text=${`Weight of ${column.name}`} />
                </th>`,
              )}
              <th class="num" scope="col">Bias</th>
              <th class="num" scope="col">Norm</th>
            </tr>
          </thead>
          <tbody>
            ${units.map(
              ({ index, weights, bias, norm }) => html`<tr key=${index} data-unit=${index}>
                <th scope="row">
                  <${Clipped} text=${String(last ? (dataset.class_names[index] ?? index) : index + 1)} />
                </th>
                ${[weights[0], weights[1], bias, norm].map(
                  (value, i) => html`<td key=${i} class="num">${fixed(value, 3)}</td>`,
                )}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </div>
  </section>`;
}
