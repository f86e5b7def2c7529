// The first layer over a table: what every column weighs in each of its units.
import { html } from "htm/preact";
import { useMemo } from "preact/hooks";
import { Clipped } from "../../../components/clipped.js";
import { SignedCanvas, SignedLegend } from "../../../components/signed-canvas.js";
import { fixed, short } from "../../../logic/format.js";
import { inputsOf, rangeOf, scaleOf } from "../../../logic/weights.js";
import { OrderSwitch } from "./order-switch.js";

/** @typedef {import("../../../logic/weights.js").Layer} Layer */

/** @param {{layer: Layer, name: string, last: boolean, columns: Column[],
 *   order: "index" | "norm"}} props `last`: its units are the classes */
export function ColumnUnits({ layer, name, last, columns, order }) {
  const inputs = useMemo(() => inputsOf(layer, order), [layer, order]);
  const scale = useMemo(() => scaleOf(layer.weight), [layer]);
  return html`<section class="stack">
    <div class="row spread">
      <h2>What ${name} makes of the columns</h2>
      <${OrderSwitch} order=${order} />
    </div>
    <p class="muted small prose">
      A row a column, a cell each ${last ? "class" : "unit"} that it goes into. Columns are
      standardised, so their weights can be compared: the higher the norm, the more a column
      is listened to.
    </p>
    <${SignedLegend} scale=${scale} />
    <div class="table-scroll table-tall" tabindex="0" role="region" aria-label="Weights by column">
      <table class="column-units">
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Weights of ${layer.outputs} ${last ? "classes" : "units"}</th>
            <th class="num" scope="col">Norm</th>
          </tr>
        </thead>
        <tbody>
          ${inputs.map(({ index, weights, norm }) => {
            const [low, high] = rangeOf(weights).map((value) => short(value, 3));
            return html`<tr key=${index} data-column=${index}>
              <th scope="row"><${Clipped} text=${columns[index].name} /></th>
              <td>
                <${SignedCanvas}
                  values=${weights}
                  width=${weights.length}
                  height=${1}
                  scale=${scale}
                  className="weight-strip"
                  label=${`Weights of ${columns[index].name}: ${low} to ${high}`}
                />
              </td>
              <td class="num">${fixed(norm, 3)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </section>`;
}
