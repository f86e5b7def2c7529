// What all of a page's charts share: the x axis and the smoothing, kept in the address.
import { html } from "htm/preact";
import { Segments } from "../components/segments.js";
import { axes, axisOf } from "../logic/axes.js";
import { setQuery } from "../router.js";

const axisOptions = Object.entries(axes).map(([value, { label }]) => ({ value, label }));

/**
 * @param {Record<string, string>} query
 * @returns {{axis: Axis, smoothing: number, hidden: Set<string>}}
 */
export function chartState(query) {
  const smoothing = Number(query.smooth);
  return {
    axis: axisOf(query.x),
    smoothing: smoothing > 0 && smoothing < 1 ? smoothing : 0,
    hidden: new Set((query.hide ?? "").split(",").filter(Boolean)),
  };
}

/** @param {Set<string>} hidden @param {string} key */
export function toggleLine(hidden, key) {
  const next = new Set(hidden);
  if (!next.delete(key)) next.add(key);
  setQuery({ hide: [...next].join() });
}

/** @param {{axis: Axis, smoothing: number, children?: unknown}} props */
export function ChartControls({ axis, smoothing, children }) {
  return html`<div class="chart-controls">
    ${children}
    <${Segments}
      legend="x"
      options=${axisOptions}
      value=${axis}
      onChange=${(/** @type {string} */ x) => setQuery({ x: x === "step" ? null : x })}
    />
    <label class="smoothing">
      <span>Smoothing</span>
      <input
        type="range"
        min="0"
        max="0.98"
        step="0.02"
        value=${smoothing}
        onInput=${(/** @type {any} */ e) =>
          setQuery({ smooth: Number(e.target.value) || null })}
      />
      <output>${smoothing ? smoothing.toFixed(2) : "off"}</output>
    </label>
  </div>`;
}
