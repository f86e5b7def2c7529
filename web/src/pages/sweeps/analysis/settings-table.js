// All settings, the best first.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import * as format from "../../../logic/format.js";
import { metricText, objectives } from "../../../logic/objectives.js";
import { cellHref, cellMarks, lookOf } from "../../../logic/cells.js";
import { valueText } from "../../../logic/settings.js";

/** @typedef {import("../../../logic/sweep-view.js").View} View */

const SHOWN = 50;

/** @type {Record<string, string>} */
const looks = {
  missed: "not reached",
  diverged: "diverged",
  failed: "failed",
  live: "live",
  none: "–",
};

/** Ranked ones first, then those of which nothing is known yet. @param {View} view */
function rowsOf({ cells, ranked }) {
  const known = new Set(ranked);
  return [...ranked, ...cells.flatMap((_, i) => (known.has(i) ? [] : i))];
}

/** @param {{view: View, index: number}} props */
function Row({ view, index }) {
  const { analysis, cells, goal, runs, answer } = view;
  const cell = cells[index];
  const show = objectives[goal.objective].value;
  const target = cellHref(runs[index]);
  const several = cell.low !== null && cell.low !== cell.high;
  return html`<tr class=${answer?.cell === index ? "selected" : ""} data-cell=${index}>
    <td class="num">${format.count(cell.rank || null)}</td>
    ${analysis.parameters.map(
      ({ name }, i) =>
        html`<td key=${name} class="num">${valueText(cell.values[i])}</td>`,
    )}
    <td class="num ${cell.reached ? "strong" : "muted"}">
      ${cell.reached ? show(cell.value) : looks[lookOf(cell)]}
    </td>
    <td class="num">${several ? `${show(cell.low)} to ${show(cell.high)}` : "–"}</td>
    <td class="num">${cell.counted} of ${cell.trials}</td>
    <td class="num">${format.percent(cell.accuracy)}</td>
    <td>${cellMarks(cell).join(", ")}</td>
    <td>
      ${
        target &&
        html`<a href=${target}>${runs[index].length === 1 ? `#${runs[index][0]}` : format.plural(runs[index].length, "run")}</a>`
      }
    </td>
  </tr>`;
}

/** @param {{view: View}} props */
export function SettingsTable({ view }) {
  const [shown, setShown] = useState(SHOWN);
  const rows = rowsOf(view);
  const { analysis, goal } = view;
  return html`<section class="stack">
    <h2 id="settings-title">All settings</h2>
    <div class="table-scroll" tabindex="0" role="region" aria-labelledby="settings-title">
      <table class="settings">
        <thead>
          <tr>
            <th class="num" scope="col">Rank</th>
            ${analysis.parameters.map(
              ({ name }) =>
                html`<th key=${name} class="num" scope="col">${format.label(name)}</th>`,
            )}
            <th class="num" scope="col">${objectives[goal.objective].label}</th>
            <th class="num" scope="col">Range over seeds</th>
            <th class="num" scope="col">Seeds</th>
            <th class="num" scope="col">Best ${metricText(analysis.metric)}</th>
            <th scope="col">States</th>
            <th scope="col">Runs</th>
          </tr>
        </thead>
        <tbody>
          ${rows
            .slice(0, shown)
            .map((index) => html`<${Row} key=${index} view=${view} index=${index} />`)}
        </tbody>
      </table>
    </div>
    ${
      rows.length > shown &&
      html`<div class="row">
        <button type="button" class="btn" onClick=${() => setShown(shown + 4 * SHOWN)}>
          Show more (${format.count(shown)} of ${format.count(rows.length)})
        </button>
      </div>`
    }
  </section>`;
}
