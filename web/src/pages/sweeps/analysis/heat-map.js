// Any two parameters against each other: where the sweet spot lies.
import { html } from "htm/preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { label } from "../../../logic/format.js";
import { chosenAxes, heatMapOf, signs } from "../../../logic/heat-map.js";
import { objectives } from "../../../logic/objectives.js";
import { shortName } from "../../../logic/settings.js";
import { STEPS } from "../../../logic/viridis.js";
import { setQuery } from "../../../router.js";

/** @typedef {import("../../../logic/sweep-view.js").View} View */
/** @typedef {import("../../../logic/heat-map.js").HeatMap} HeatMap */
/** @typedef {import("../../../logic/heat-map.js").HeatCell} HeatCell */
/** @typedef {{row: number, column: number}} Place */

/** @type {Record<string, [number, number]>} rows and columns to move */
const moves = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** @type {Record<string, string>} */
const lookTexts = {
  missed: "not reached",
  diverged: "diverged",
  failed: "failed",
  live: "under way",
  none: "not run yet",
};

/** @param {number} value @param {number} count */
const clamp = (value, count) => Math.min(count - 1, Math.max(0, value));

/**
 * @param {{cell: HeatCell, current: boolean, place: Place,
 *   onShow: (cell: HeatCell, place: Place) => void}} props
 */
function MapCell({ cell, current, place, onShow }) {
  const show = () => onShow(cell, place);
  const common = {
    class: `heat heat-${cell.look} v${cell.step} ${cell.answer ? "heat-answer" : ""}`,
    tabindex: current ? 0 : -1,
    "aria-label": `${cell.words}${cell.answer ? " (the answer)" : ""}`,
    onMouseEnter: show,
    onFocus: show,
  };
  return html`<td>
    ${
      cell.href
        ? html`<a ...${common} href=${cell.href}>${cell.text}</a>`
        : html`<span ...${common} role="img">${cell.text}</span>`
    }
  </td>`;
}

/** @param {{name: string, axis: string, value: string, view: View}} props */
function AxisPicker({ name, axis, value, view }) {
  return html`<label class="row small">
    <span class="muted">${axis}</span>
    <select
      class="input input-small"
      value=${value}
      onChange=${(/** @type {any} */ e) => setQuery({ [name]: e.target.value })}
    >
      ${view.analysis.parameters.map(
        (item) =>
          html`<option key=${item.name} value=${item.name}>${label(item.name)}</option>`,
      )}
    </select>
  </label>`;
}

/** @param {{map: HeatMap, view: View}} props */
function Legend({ map, view }) {
  const { value, lower } = objectives[view.goal.objective];
  const [worst, best] = map.range ? (lower ? [...map.range].reverse() : map.range) : [];
  const cells = map.cells.flat();
  return html`<div class="row small heat-legend">
    ${
      map.range &&
      html`<span class="row numbers">
        ${worst !== best && value(worst)}
        <span class="heat-ramp" aria-hidden="true">
          ${Array.from({ length: STEPS }, (_, i) => html`<i key=${i} class="v${i}"></i>`)}
        </span>
        ${value(best)} (best)
      </span>`
    }
    ${Object.entries(lookTexts)
      .filter(([look]) => cells.some((cell) => cell.look === look))
      .map(
        ([look, text]) => html`<span class="row" key=${look}>
          <i class=${`heat heat-${look}`} aria-hidden="true">${signs[look]}</i> ${text}
        </span>`,
      )}
    ${
      cells.some(({ answer }) => answer) &&
      html`<span class="row">
        <i class="heat heat-answer" aria-hidden="true"></i> the answer
      </span>`
    }
  </div>`;
}

/** Where the keyboard starts: at the answer. @param {HeatMap} map @returns {Place} */
function startOf(map) {
  const row = map.cells.findIndex((cells) => cells.some(({ answer }) => answer));
  if (row < 0) return { row: 0, column: 0 };
  return { row, column: map.cells[row].findIndex(({ answer }) => answer) };
}

/** The cells, walked through with the arrow keys.
 * @param {{map: HeatMap, x: string, y: string, onShow: (cell: HeatCell) => void}} props */
function Grid({ map, x, y, onShow }) {
  const [moved, setMoved] = useState(/** @type {Place | null} */ (null));
  const at = moved ?? startOf(map);
  const table = useRef(/** @type {HTMLTableElement | null} */ (null));
  const row = clamp(at.row, map.rows.length);
  const column = clamp(at.column, map.columns.length);

  /** @param {KeyboardEvent} event */
  function keyPressed(event) {
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const to = clamp(row + move[0], map.rows.length);
    const across = clamp(column + move[1], map.columns.length);
    const cell = table.current?.tBodies[0].rows[to].cells[across + 1];
    /** @type {HTMLElement | null | undefined} */ (cell?.firstElementChild)?.focus();
  }

  /** @param {HeatCell} cell @param {Place} place */
  function show(cell, place) {
    if (document.activeElement?.closest("table") === table.current) setMoved(place);
    onShow(cell);
  }

  return html`<table ref=${table} class="heat-map" role="grid" onKeyDown=${keyPressed}>
    <caption class="visually-hidden">
      ${label(y)} down, ${label(x)} across; arrow keys move, Enter opens the runs
    </caption>
    <thead>
      <tr>
        <td class="heat-corner">${shortName(y)} ↓<br />${shortName(x)} →</td>
        ${map.columns.map((text) => html`<th key=${text} scope="col">${text}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${map.cells.map(
        (cells, i) => html`<tr key=${i}>
          <th scope="row">${map.rows[i]}</th>
          ${cells.map(
            (cell, j) => html`<${MapCell}
              key=${j}
              cell=${cell}
              place=${{ row: i, column: j }}
              current=${i === row && j === column}
              onShow=${show}
            />`,
          )}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** @param {{view: View, query: Record<string, string>}} props */
export function HeatMapFigure({ view, query }) {
  const axes = chosenAxes(view.analysis, query);
  const [shown, setShown] = useState(/** @type {HeatCell | null} */ (null));
  const [x, y] = axes ?? ["", ""];
  const map = useMemo(() => (axes ? heatMapOf(view, x, y) : null), [view, x, y]);
  if (!map) return null;
  return html`<figure class="chart card heat-figure">
    <figcaption>
      <h2>${objectives[view.goal.objective].label} by setting</h2>
      <div class="row">
        <${AxisPicker} name="mapx" axis="across" value=${x} view=${view} />
        <${AxisPicker} name="mapy" axis="down" value=${y} view=${view} />
      </div>
    </figcaption>
    <div class="heat-scroll">
      <${Grid} key=${`${x} ${y}`} map=${map} x=${x} y=${y} onShow=${setShown} />
    </div>
    <p class="small heat-words" aria-hidden="true">
      ${shown?.words ?? "Point at a cell, or move with the arrow keys; Enter opens its runs."}
    </p>
    <${Legend} map=${map} view=${view} />
  </figure>`;
}
