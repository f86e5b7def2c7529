// Parallel coordinates on a canvas: a thousand lines in a few milliseconds.
import { STEPS } from "../logic/viridis.js";
import { faded, readPalette } from "./palette.js";

/** @typedef {import("../logic/parallel.js").ParallelAxis} ParallelAxis */
/**
 * @typedef {object} Scene
 * @property {ParallelAxis[]} axes
 * @property {number[]} all   settings to draw
 * @property {number[]} lit   those that stand out, the best first
 * @property {number | null} pointed  the one that is pointed at
 * @property {boolean} dark   the theme
 */

const TOP = 34;
const BOTTOM = 10;
const LEFT = 56;
const RIGHT = 64;
const NEAR = 12;
const MANY = 200;

/** Bright colours vanish on a light ground, dark ones on a dark one. */
const LIGHT_STEPS = [0, 13];
const DARK_STEPS = [STEPS - 1, 7];

/** @param {HTMLElement} parent */
function readViridis(parent) {
  const probe = document.createElement("span");
  parent.append(probe);
  const colours = Array.from({ length: STEPS }, (_, i) => {
    probe.className = `heat-probe v${i}`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return colours;
}

export class ParallelCanvas {
  /** @param {HTMLCanvasElement} canvas @param {Scene} scene */
  constructor(canvas, scene) {
    this.canvas = canvas;
    this.scene = scene;
    const parent = /** @type {HTMLElement} */ (canvas.parentElement);
    this.palette = readPalette(parent);
    this.viridis = readViridis(parent);
    this.waiting = false;
    this.observer = new ResizeObserver(() => this.update(this.scene));
    this.observer.observe(canvas);
  }

  /** @param {Scene} scene */
  update(scene) {
    this.scene = scene;
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => this.draw());
  }

  /** Where axis `i` stands. @param {number} i */
  x(i) {
    const width = this.canvas.clientWidth - LEFT - RIGHT;
    return LEFT + (width * i) / Math.max(1, this.scene.axes.length - 1);
  }

  /** @param {number} place */
  y(place) {
    return TOP + (1 - place) * (this.canvas.clientHeight - TOP - BOTTOM);
  }

  draw() {
    this.waiting = false;
    const { canvas, scene } = this;
    const context = canvas.getContext("2d");
    if (!context || !canvas.isConnected) return;
    const scale = devicePixelRatio;
    canvas.width = Math.round(canvas.clientWidth * scale);
    canvas.height = Math.round(canvas.clientHeight * scale);
    context.scale(scale, scale);
    context.lineJoin = "round";
    const lit = new Set(scene.lit);
    this.stroke(
      context,
      scene.all.filter((index) => !lit.has(index)),
    );
    this.drawLit(context);
    this.drawAxes(context);
  }

  /** What is not lit, as one path. @param {CanvasRenderingContext2D} context
   * @param {number[]} indexes */
  stroke(context, indexes) {
    context.strokeStyle = faded(this.palette.muted, indexes.length > MANY ? 0.1 : 0.25);
    context.lineWidth = 1;
    context.beginPath();
    for (const index of indexes) this.path(context, index);
    context.stroke();
  }

  /** The best last, so that it lies on top. @param {CanvasRenderingContext2D} context */
  drawLit(context) {
    const { lit, pointed } = this.scene;
    for (let rank = lit.length - 1; rank >= 0; rank--) {
      context.strokeStyle = faded(
        this.colour(rank, lit.length),
        lit.length > MANY ? 0.6 : 0.85,
      );
      context.lineWidth = lit.length > MANY ? 1 : 1.75;
      context.beginPath();
      this.path(context, lit[rank]);
      context.stroke();
    }
    if (pointed === null) return;
    context.strokeStyle = this.palette.text;
    context.lineWidth = 3.5;
    context.beginPath();
    this.path(context, pointed);
    context.stroke();
  }

  /** @param {number} rank @param {number} count */
  colour(rank, count) {
    const [best, worst] = this.scene.dark ? DARK_STEPS : LIGHT_STEPS;
    const part = count > 1 ? rank / (count - 1) : 0;
    return this.viridis[Math.round(best + part * (worst - best))];
  }

  /** A gap where a setting has no value. @param {CanvasRenderingContext2D} context
   * @param {number} index */
  path(context, index) {
    let drawing = false;
    this.scene.axes.forEach(({ places }, i) => {
      const place = places[index];
      if (place === null) return void (drawing = false);
      if (drawing) context.lineTo(this.x(i), this.y(place));
      else context.moveTo(this.x(i), this.y(place));
      drawing = true;
    });
  }

  /** @param {CanvasRenderingContext2D} context */
  drawAxes(context) {
    const { palette } = this;
    const font = getComputedStyle(this.canvas).fontFamily;
    const { axes } = this.scene;
    axes.forEach((axis, i) => {
      const x = this.x(i);
      context.strokeStyle = palette.muted;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, this.y(1));
      context.lineTo(x, this.y(0));
      context.stroke();
      context.font = `650 12px ${font}`;
      context.textAlign = "center";
      context.fillStyle = palette.text;
      context.fillText(axis.title, x, 14, this.x(1) - this.x(0) - 8 || undefined);
      context.font = `11px ${font}`;
      context.textAlign = "left";
      for (const { place, text } of axis.ticks) this.tick(context, x, place, text);
    });
  }

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} place
   * @param {string} text */
  tick(context, x, place, text) {
    const y = this.y(place);
    context.lineWidth = 4;
    context.strokeStyle = faded(this.palette.surface, 0.9);
    context.strokeText(text, x + 5, y + 4);
    context.fillStyle = this.palette.text;
    context.fillText(text, x + 5, y + 4);
  }

  /**
   * The lit setting nearest to a place on the canvas.
   * @param {number} x @param {number} y @returns {number | null}
   */
  nearest(x, y) {
    const { axes, lit } = this.scene;
    const left = axes.filter((_, i) => this.x(i) <= x).length - 1;
    if (left < 0 || left >= axes.length - 1) return null;
    const part = (x - this.x(left)) / (this.x(left + 1) - this.x(left));
    let found = null;
    let least = NEAR;
    for (const index of lit) {
      const from = axes[left].places[index];
      const to = axes[left + 1].places[index];
      if (from === null || to === null) continue;
      const distance = Math.abs(this.y(from + part * (to - from)) - y);
      if (distance < least) [found, least] = [index, distance];
    }
    return found;
  }

  destroy() {
    this.observer.disconnect();
  }
}
