// Every setting as a line across its parameters and what came of it.
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { ParallelCanvas } from "../../../charts/parallel-canvas.js";
import { theme } from "../../../data/theme.js";
import { useViewState } from "../../../data/view-state.js";
import { cellHref } from "../../../logic/cells.js";
import * as format from "../../../logic/format.js";
import { axesOf, litOf, readRanges, writeRanges } from "../../../logic/parallel.js";
import { objectives } from "../../../logic/objectives.js";
import { settingText } from "../../../logic/settings.js";
import { useStore } from "../../../store.js";
import { RangeSlider } from "./range-slider.js";

/** @typedef {import("../../../logic/sweep-view.js").View} View */
/** @typedef {import("../../../charts/parallel-canvas.js").Scene} Scene */

/** @type {Record<string, number>} how far keys move among the lit settings */
const moves = {
  ArrowUp: -1,
  ArrowLeft: -1,
  ArrowDown: 1,
  ArrowRight: 1,
  Home: -Infinity,
  End: Infinity,
};

/**
 * @param {{scene: Scene, label: string, onPoint: (index: number | null) => void,
 *   onOpen: () => void}} props
 */
function Canvas({ scene, label, onPoint, onOpen }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const drawing = useRef(/** @type {ParallelCanvas | null} */ (null));
  useEffect(() => {
    if (!canvas.current) return;
    const made = new ParallelCanvas(canvas.current, scene);
    drawing.current = made;
    return () => made.destroy();
  }, []);
  useLayoutEffect(() => drawing.current?.update(scene));

  /** @param {KeyboardEvent} event */
  function keyPressed(event) {
    if (event.key === "Enter") return onOpen();
    const move = moves[event.key];
    if (move === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const now = scene.pointed === null ? -1 : scene.lit.indexOf(scene.pointed);
    const next = Math.min(scene.lit.length - 1, Math.max(0, now + move));
    onPoint(scene.lit[next] ?? null);
  }

  return html`<canvas
    ref=${canvas}
    class="parallel-canvas"
    role="img"
    aria-label=${label}
    tabindex="0"
    onKeyDown=${keyPressed}
    onPointerMove=${(/** @type {any} */ e) =>
      onPoint(drawing.current?.nearest(e.offsetX, e.offsetY) ?? null)}
    onPointerLeave=${() => onPoint(null)}
    onClick=${onOpen}
  />`;
}

/** @param {View} view @param {number} index */
function wordsOf({ analysis, cells, goal }, index) {
  const cell = cells[index];
  const value = cell.reached
    ? objectives[goal.objective].value(cell.value)
    : `best ${format.percent(cell.accuracy)}`;
  return `${cell.rank}. ${settingText(analysis.parameters, cell.values)}: ${value}`;
}

/** @param {{most: number, count: number, onChange: (most: number) => void}} props */
function BestSlider({ most, count, onChange }) {
  return html`<label class="best-slider small">
    <span class="muted">Light up</span>
    <input
      type="range"
      min="1"
      max=${count}
      step="1"
      value=${most}
      aria-valuetext=${`the best ${most} of ${count}`}
      onInput=${(/** @type {any} */ e) => onChange(Number(e.target.value))}
    />
    <output class="numbers">best ${format.count(most)}</output>
  </label>`;
}

const LIT_AT_FIRST = 50;

/** @param {{view: View, query: Record<string, string>}} props */
export function ParallelFigure({ view, query }) {
  const { ranked, runs } = view;
  const look = useStore(theme);
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null));
  const [ranges, setRanges] = useViewState(
    { ranges: query.ranges },
    (given) => readRanges(given.ranges),
    (next) => ({ ranges: writeRanges(next) }),
  );
  const [best, setBest] = useViewState(
    { best: query.best },
    (given) => Number(given.best),
    (next) => ({ best: next }),
  );
  const most = Math.min(ranked.length, best > 0 ? best : LIT_AT_FIRST);
  const axes = useMemo(() => axesOf(view), [view]);
  const lit = useMemo(() => litOf(ranked, axes, ranges, most), [axes, ranges, most]);
  if (ranked.length < 2) return null;
  const shown = pointed !== null && lit.includes(pointed) ? pointed : null;
  const counted = `${format.count(lit.length)} of ${format.plural(ranked.length, "setting")} lit`;
  const target = shown === null ? null : cellHref(runs[shown]);
  const scene = { axes, all: ranked, lit, pointed: shown, dark: look === "dark" };
  return html`<figure class="chart card">
    <figcaption>
      <h2>All settings at once</h2>
      <${BestSlider} most=${most} count=${ranked.length} onChange=${setBest} />
    </figcaption>
    <div class="parallel-scroll">
      <${Canvas}
        key=${look}
        scene=${scene}
        label=${`Parallel coordinates: ${counted}${lit.length ? `, the best of them ${wordsOf(view, lit[0])}` : ""}`}
        onPoint=${setPointed}
        onOpen=${() => target && (location.hash = target)}
      />
    </div>
    <p class="small heat-words">
      <output aria-live="polite">
        ${shown === null ? `${counted}, the ${look === "dark" ? "brightest" : "darkest"} line is the best.` : wordsOf(view, shown)}
      </output>
    </p>
    <div class="ranges">
      ${axes.map(
        ({ key, title, count, text }) =>
          count !== 1 &&
          html`<${RangeSlider}
            key=${key}
            title=${title}
            count=${count}
            range=${ranges[key] ?? [0, 1]}
            text=${text}
            onChange=${(/** @type {[number, number]} */ range) =>
              setRanges({ ...ranges, [key]: range })}
          />`,
      )}
    </div>
  </figure>`;
}
