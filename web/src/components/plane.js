// A function over a plane as colours: light where it is high, with lines and a point on
// top. Clicking moves the point.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { theme } from "../data/theme.js";
import { short } from "../logic/format.js";
import { extent } from "../logic/stats.js";
import { STEPS } from "../logic/viridis.js";
import { useStore } from "../store.js";

const CELLS = 96;
const SIDE = 384;

/** @typedef {{x: number, y: number}} Place */

/** The steps of viridis as CSS has them. @param {HTMLElement} parent */
function readRamp(parent) {
  const probe = document.createElement("span");
  parent.append(probe);
  const ramp = Array.from({ length: STEPS }, (_, i) => {
    probe.className = `heat-probe v${i}`;
    return (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  });
  probe.remove();
  return ramp;
}

/** Values at the middles of cells, rows from the top.
 * @param {(x: number, y: number) => number} value @param {number} reach */
function sample(value, reach) {
  const place = (/** @type {number} */ i) => reach * ((2 * i + 1) / CELLS - 1);
  return Array.from({ length: CELLS * CELLS }, (_, i) =>
    value(place(i % CELLS), -place(Math.floor(i / CELLS))),
  );
}

/** @param {CanvasRenderingContext2D} context @param {number[]} values
 * @param {[number, number]} range @param {number[][]} ramp */
function paintHeat(context, values, [low, high], ramp) {
  const small = document.createElement("canvas");
  small.width = small.height = CELLS;
  const pen = small.getContext("2d");
  if (!pen) return;
  const image = pen.createImageData(CELLS, CELLS);
  values.forEach((value, i) => {
    const at = ((value - low) / (high - low || 1)) * (STEPS - 1);
    const below = Math.min(STEPS - 2, Math.max(0, Math.floor(at)));
    for (let k = 0; k < 3; k++)
      image.data[4 * i + k] =
        ramp[below][k] + (at - below) * (ramp[below + 1][k] - ramp[below][k]);
    image.data[4 * i + 3] = 255;
  });
  pen.putImageData(image, 0, 0);
  context.drawImage(small, 0, 0, SIDE, SIDE);
}

/** Dark around light, to be seen on every colour.
 * @param {CanvasRenderingContext2D} context @param {() => void} trace of the path */
function strokeTwice(context, trace) {
  for (const [colour, width] of /** @type {[string, number][]} */ ([
    ["#000000", 5],
    ["#ffffff", 2.5],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    trace();
    context.stroke();
  }
}

/**
 * @typedef {object} PlaneProps
 * @property {(x: number, y: number) => number} value
 * @property {number} reach    of the plane to all sides
 * @property {Place} point
 * @property {[Place, Place] | null} line
 * @property {string} label    what a person who does not see it is told
 * @property {[string, string]} axes  names
 * @property {(place: Place) => void} onMove
 */

/** @param {HTMLCanvasElement} canvas @param {PlaneProps} props @param {number[]} values
 * @param {[number, number]} range */
function paint(canvas, { reach, point, line }, values, range) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const x = (/** @type {number} */ at) => ((at / reach + 1) * SIDE) / 2;
  const y = (/** @type {number} */ at) => ((1 - at / reach) * SIDE) / 2;
  const ramp = readRamp(/** @type {HTMLElement} */ (canvas.parentElement));
  paintHeat(context, values, range, ramp);
  if (line)
    strokeTwice(context, () => {
      context.moveTo(x(line[0].x), y(line[0].y));
      context.lineTo(x(line[1].x), y(line[1].y));
    });
  strokeTwice(context, () => context.arc(x(point.x), y(point.y), 7, 0, 2 * Math.PI));
}

/** @param {PlaneProps} props */
export function Plane(props) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const look = useStore(theme);
  const { value, reach, label, axes, onMove } = props;
  const values = sample(value, reach);
  const range = extent(values) ?? [0, 1];
  useEffect(() => {
    if (canvas.current) paint(canvas.current, props, values, range);
  }, [look, props]);

  /** @param {PointerEvent} event */
  function move(event) {
    if (!canvas.current || (event.type === "pointermove" && event.buttons !== 1)) return;
    const { left, top, width, height } = canvas.current.getBoundingClientRect();
    const part = (/** @type {number} */ at) =>
      Number((reach * Math.min(1, Math.max(-1, 2 * at - 1))).toFixed(1));
    const y = part((event.clientY - top) / height);
    onMove({ x: part((event.clientX - left) / width), y: y === 0 ? 0 : -y });
  }

  return html`<div class="plane">
    <span class="plane-y small muted">${axes[1]} ↑</span>
    <canvas
      ref=${canvas}
      width=${SIDE}
      height=${SIDE}
      role="img"
      aria-label=${label}
      onPointerDown=${move}
      onPointerMove=${move}
    />
    <div class="plane-x row spread small muted numbers">
      <span>${-reach}</span><span>${axes[0]} →</span><span>${reach}</span>
    </div>
    <div class="row small muted heat-legend">
      <span class="row">
        ${short(range[0], 2)}
        <span class="heat-ramp" aria-hidden="true">
          ${Array.from({ length: STEPS }, (_, i) => html`<i class="v${i}"></i>`)}
        </span>
        ${short(range[1], 2)}
      </span>
    </div>
  </div>`;
}
