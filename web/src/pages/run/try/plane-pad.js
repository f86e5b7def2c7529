// The plane with the model's verdict as its ground, and a cross that pointer and arrow
// keys move.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { faded, readPalette } from "../../../charts/palette.js";
import { classColour } from "../../../components/plane-picture.js";
import { theme } from "../../../data/theme.js";
import { roughText } from "../../../logic/columns.js";
import { isNumber } from "../../../logic/format.js";
import { fromShares, toShares } from "../../../logic/plane.js";
import { useStore } from "../../../store.js";

/** @typedef {import("../../../logic/plane.js").Place} Place */
/** @typedef {import("../../../logic/plane.js").Window} Window */
/** @typedef {{outputs: (number | null)[][], labels: number[]}} Surface */

const SIZE = 420;
const STEP = 0.02;
const STRONG = 0.55;
/** @type {Record<string, Place>} */
const moves = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** How sure it is, from 0 (no more than of another class) to 1.
 * @param {(number | null)[]} outputs @param {number} label */
function sureness(outputs, label) {
  const value = outputs[label];
  const sum = outputs.reduce((/** @type {number} */ a, b) => a + Number(b), 0);
  const probabilities = outputs.length > 1 && Math.abs(sum - 1) < 1e-6;
  if (!probabilities || !isNumber(value)) return 1;
  const least = 1 / outputs.length;
  return (value - least) / (1 - least);
}

/** @param {HTMLCanvasElement} canvas @param {Surface} surface @param {number} grid */
function paint(canvas, { outputs, labels }, grid) {
  const context = canvas.getContext("2d");
  if (!context || !canvas.parentElement) return;
  const { runs } = readPalette(canvas.parentElement);
  context.clearRect(0, 0, grid, grid);
  labels.forEach((label, i) => {
    const alpha = STRONG * sureness(outputs[i], label);
    context.fillStyle = faded(runs[classColour(label)], alpha);
    context.fillRect(i % grid, Math.floor(i / grid), 1, 1);
  });
}

/** @param {{samples: Samples["samples"], window: Window}} props */
function Dots({ samples, window }) {
  return html`${samples.map(({ index, values, label }) => {
    const [x, y] = toShares(window, [values[0], values[1]]);
    const look = `dot c${classColour(label)}`;
    return html`<circle key=${index} class=${look} cx=${x * SIZE} cy=${y * SIZE} r="3" />`;
  })}`;
}

/** @param {{window: Window, place: Place}} props */
function Cross({ window, place }) {
  const [x, y] = toShares(window, place).map((share) => share * SIZE);
  return html`<g class="cross">
    <path d=${`M${x} 0V${SIZE}M0 ${y}H${SIZE}`} />
    <circle cx=${x} cy=${y} r="8" />
  </g>`;
}

/** "x -1 to 2". @param {Column} column @param {[number, number]} range */
const rangeText = (column, range) =>
  `${column.name} ${range.map((value) => roughText(column, value)).join(" to ")}`;

/**
 * @param {{samples: Samples["samples"], classes: string[], columns: Column[], window: Window,
 *   surface: Surface | null, grid: number, place: Place,
 *   onPlace: (place: Place) => void, onBusy: (busy: boolean) => void}} props
 */
export function PlanePad(props) {
  const { samples, classes, columns, window, surface, grid, place, onPlace, onBusy } = props;
  const ground = useStore(theme);
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useEffect(() => {
    if (canvas.current && surface) paint(canvas.current, surface, grid);
  }, [surface, grid, ground]);

  /** @param {PointerEvent} event */
  function point(event) {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width;
    const down = (event.clientY - box.top) / box.height;
    onPlace(fromShares(window, [across, down]));
  }

  /** @param {PointerEvent} event */
  function pressed(event) {
    if (event.button !== 0) return;
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    onBusy(true);
    point(event);
  }

  /** @param {KeyboardEvent} event */
  function keyPressed(event) {
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const step = event.shiftKey ? 5 * STEP : STEP;
    const [x, y] = toShares(window, place);
    onPlace(fromShares(window, [x + step * move[0], y + step * move[1]]));
  }

  return html`<div
      class="plane-pad"
      tabindex="0"
      role="application"
      aria-roledescription="plane"
      aria-label="The plane of inputs. Arrow keys move the point, with Shift further."
      onKeyDown=${keyPressed}
      onPointerDown=${pressed}
      onPointerMove=${(/** @type {PointerEvent} */ event) => event.buttons & 1 && point(event)}
      onPointerUp=${() => onBusy(false)}
      onPointerCancel=${() => onBusy(false)}
    >
      <canvas ref=${canvas} width=${grid} height=${grid} aria-hidden="true" />
      <svg viewBox="0 0 ${SIZE} ${SIZE}" aria-hidden="true">
        <${Dots} samples=${samples} window=${window} />
        <${Cross} window=${window} place=${place} />
      </svg>
    </div>
    <div class="row spread small muted numbers">
      <span class="row">
        ${classes.map(
          (name, i) => html`<span class="row class-key" key=${i}>
            <i class=${`class-dot c${classColour(i)}`} aria-hidden="true"></i> ${name}
          </span>`,
        )}
      </span>
      <span>${rangeText(columns[0], window.x)}, ${rangeText(columns[1], window.y)}</span>
    </div>`;
}
