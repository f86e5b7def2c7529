// A figure: caption, canvas, legend of check boxes.
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { theme } from "../data/theme.js";
import { useStore } from "../store.js";
import { CanvasChart } from "./canvas-chart.js";
import { Legend } from "./legend.js";

/** @typedef {import("./spec.js").Spec} Spec */

/** @type {Record<string, number>} */
const moves = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -Infinity,
  End: Infinity,
};

/** @param {{spec: Spec, hidden: Set<string>}} props */
function Canvas({ spec, hidden }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const chart = useRef(/** @type {CanvasChart | null} */ (null));
  const [zoomed, setZoomed] = useState(false);
  const [spoken, setSpoken] = useState("");
  const shown = { ...spec, lines: spec.lines.filter(({ key }) => !hidden.has(key)) };

  useEffect(() => {
    if (!canvas.current) return;
    const made = new CanvasChart(canvas.current, shown, setZoomed);
    chart.current = made;
    return () => made.destroy();
  }, []);
  // Before a key can be pressed that asks what the label already tells.
  useLayoutEffect(() => chart.current?.update(shown));

  /** @param {KeyboardEvent} event */
  function keyPressed(event) {
    if (!(event.key in moves) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    setSpoken(chart.current?.moveCursor(moves[event.key]) ?? "");
  }

  const empty = shown.lines.every((line) => line.data.length === 0);
  return html`<div class="chart-box">
      <canvas
        ref=${canvas}
        role="img"
        aria-label=${spec.label}
        tabindex="0"
        onKeyDown=${keyPressed}
      />
      ${empty && html`<p class="chart-empty">${spec.empty ?? "No points yet"}</p>`}
    </div>
    <output class="visually-hidden" aria-live="polite">${spoken}</output>
    ${
      zoomed &&
      html`<button
      type="button"
      class="btn btn-small chart-reset"
      onClick=${() => chart.current?.resetZoom()}
    >
      Reset zoom
    </button>`
    }`;
}

/**
 * @param {{spec: Spec, hidden: Set<string>, onToggle: (key: string) => void,
 *   low?: boolean, heading?: string, controls?: unknown, children?: unknown}} props
 *   `hidden`: keys of lines that the legend switched off; `heading`: the caption's
 *   element; `children` stand below
 */
export function LineChart({ spec, hidden, onToggle, low, heading, controls, children }) {
  const look = useStore(theme);
  const mode = `${look} ${spec.log ? "log" : "linear"} ${spec.accuracy} ${spec.yTitle}`;
  const listed = spec.lines.filter((line) => !line.faint && !line.band);
  return html`<figure class="chart card ${low ? "chart-low" : ""}">
    <figcaption><${heading ?? "h2"}>${spec.title}<//>${controls}</figcaption>
    <${Canvas} key=${mode} spec=${spec} hidden=${hidden} />
    ${
      listed.length > 1 &&
      html`<${Legend} lines=${listed} hidden=${hidden} onToggle=${onToggle} />`
    }
    ${children}
  </figure>`;
}
