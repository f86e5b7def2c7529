// The newest numbers of every layer, with what they mean.
import { html } from "htm/preact";
import * as format from "../../../logic/format.js";
import { layersOf, lostField, ratioMark } from "../../../logic/layers.js";

/** @typedef {import("../../../logic/layers.js").LayerLog} LayerLog */
/**
 * @typedef {{title: string, help: string,
 *   cell: (row: Partial<LayerPoint>) => unknown}} Column
 */

/** @param {Partial<LayerPoint>} row */
function Ratio({ update_ratio: ratio }) {
  const mark = ratioMark(ratio);
  const tag = mark && html`<span class="tag ratio-mark">${mark}</span> `;
  return html`${tag}${format.short(ratio, 3)}`;
}

/** Digits that line up, unless they would all be zeros. @param {unknown} value */
const level = (value) =>
  format.isNumber(value) && value !== 0 && Math.abs(value) < 0.001
    ? format.short(value, 2)
    : format.fixed(value, 3);

/** @type {Column[]} */
const always = [
  {
    title: "Weight norm",
    help: "Length of all its weights as one arrow. Steady growth: weight decay may help.",
    cell: (row) => level(row.weight_norm),
  },
  {
    title: "Gradient norm",
    help: "How hard the loss pulls at the weights. Near 0, the layer does not learn.",
    cell: (row) => format.short(row.grad_norm, 3),
  },
  {
    title: "Update ratio",
    help: "Length of a step over that of the weights. Aim for 0.001; 0.0001 to 0.01 is fine.",
    cell: Ratio,
  },
];

/** @type {Column} */
const activations = {
  title: "Activation",
  help: "Mean ± deviation of what it puts out. It should neither vanish nor explode.",
  cell: ({ activation_mean: mean, activation_deviation: deviation }) =>
    format.isNumber(mean) ? `${level(mean)} ± ${level(deviation)}` : level(null),
};

/** @type {Record<string, Column>} */
const lost = {
  dead_fraction: {
    title: "Dead units",
    help: "Units that are 0 for every sample looked at: they have stopped learning.",
    cell: (row) => format.percent(row.dead_fraction, 1),
  },
  saturated_fraction: {
    title: "Saturated",
    help: "Outputs at the flat ends of the function, where hardly any gradient passes.",
    cell: (row) => format.percent(row.saturated_fraction, 1),
  },
};

/** @param {LayerLog} log */
function caption(log) {
  const step = `Newest values, step ${format.count(log.last)}`;
  if (log.lastProbe < 0 || log.lastProbe === log.last) return step;
  return `${step}; activations at step ${format.count(log.lastProbe)}`;
}

/** @param {{run: Run, log: LayerLog}} props */
export function NewestTable({ run, log }) {
  const field = lostField(run);
  const activity = [activations, ...(field ? [lost[field]] : [])];
  const columns = run.config.diagnostics === false ? always : [...always, ...activity];
  return html`<section class="stack">
    <h2 id="newest-layers">Layers</h2>
    <div class="table-scroll" tabindex="0" role="region" aria-labelledby="newest-layers">
      <table class="layer-stats">
        <caption>${caption(log)}</caption>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Shape<span class="head-help">Values in → values out.</span></th>
            ${columns.map(
              ({ title, help }) => html`<th key=${title} class="num" scope="col">
                ${title}<span class="head-help">${help}</span>
              </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${layersOf(run).map(
            ({ index, name, shape }) => html`<tr key=${index} data-layer=${index}>
              <th scope="row">${name}</th>
              <td class="numbers">${shape}</td>
              ${columns.map(
                ({ title, cell }) => html`<td key=${title} class="num">
                  ${cell(log.newest[index] ?? {})}
                </td>`,
              )}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
