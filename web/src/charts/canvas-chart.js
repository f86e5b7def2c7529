// One Chart.js chart on one canvas: drawn at most four times a second, walked through
// with the arrow keys.
import { annotations } from "./annotations.js";
import { Chart } from "./library.js";
import { datasets, options } from "./options.js";
import { readPalette } from "./palette.js";
import { placeText } from "./spec.js";

/** @typedef {import("./spec.js").Spec} Spec */

const DRAW_MS = 250;

/** Lines that the cursor stops at. @param {import("./spec.js").Line} line */
const isWalked = (line) => !line.faint && !line.band;

/** @typedef {{datasetIndex: number, index: number}} Element */
/** @typedef {{x: number, words?: string, elements?: Element[]}} Stop */

/** The places of the first line: the cursor lights up all lines there. @param {Spec} spec
 * @returns {Stop[]} */
const plainStops = ({ lines }) =>
  lines.find((line) => isWalked(line) && line.data.length > 0)?.data ?? [];

/** Every named point, from left to right. @param {Spec} spec @returns {Stop[]} */
function namedStops(spec) {
  const points = spec.lines.flatMap((line, datasetIndex) =>
    line.data.flatMap(({ x, y, name }, index) =>
      name === undefined || y === null || !isWalked(line)
        ? []
        : {
            x,
            words: `${name}: ${placeText(spec, x)}, ${spec.format(y)}`,
            elements: [{ datasetIndex, index }],
          },
    ),
  );
  return points.sort((a, b) => a.x - b.x);
}

/** What all lines say at one place. @param {Spec} spec @param {number} x */
function valuesText(spec, x) {
  const values = spec.lines.filter(isWalked).flatMap((line) => {
    const y = line.data.find((point) => point.x === x)?.y ?? null;
    return y === null ? [] : `${line.label} ${spec.format(y)}`;
  });
  return `${placeText(spec, x)}: ${values.join(", ")}`;
}

export class CanvasChart {
  /**
   * @param {HTMLCanvasElement} canvas @param {Spec} spec
   * @param {(zoomed: boolean) => void} onZoom
   */
  constructor(canvas, spec, onZoom) {
    this.spec = spec;
    this.palette = readPalette(/** @type {HTMLElement} */ (canvas.parentElement));
    this.drawn = performance.now();
    this.waiting = false;
    this.closed = false;
    this.cursor = -1;
    this.cursorShown = false;
    this.onZoom = onZoom;
    /** @type {any} */
    this.chart = new Chart(canvas, {
      type: spec.bars ? "bar" : "line",
      data: { datasets: /** @type {any} */ (datasets(spec, this.palette)) },
      options: options(
        () => this.spec,
        this.palette,
        () => onZoom(this.chart.isZoomedOrPanned()),
      ),
    });
    for (const event of ["pointermove", "blur"])
      canvas.addEventListener(event, () => this.cursorShown && this.hideCursor());
  }

  /** @param {Spec} spec */
  update(spec) {
    this.spec = spec;
    if (this.waiting) return;
    this.waiting = true;
    const wait = Math.max(0, this.drawn + DRAW_MS - performance.now());
    setTimeout(() => requestAnimationFrame(() => this.draw()), wait);
  }

  /** What is lit up belongs to the old lines, so it goes before they do. */
  draw() {
    this.waiting = false;
    if (this.closed) return;
    this.drawn = performance.now();
    const { chart, spec, palette, cursorShown } = this;
    this.light([]);
    chart.data.datasets = datasets(spec, palette);
    chart.options.scales.x.title.text = spec.xTitle;
    if (spec.bars) {
      chart.options.scales.x.min = spec.bars.low;
      chart.options.scales.x.max = spec.bars.high;
    }
    chart.options.plugins.annotation.annotations = annotations(spec, palette);
    chart.update("none");
    if (cursorShown) this.moveCursor(0);
  }

  resetZoom() {
    this.chart.resetZoom("none");
    this.onZoom(false);
  }

  /**
   * Moves the cursor, at first to the end, and says where it stands.
   * @param {number} step  places to move
   * @returns {string}
   */
  moveCursor(step) {
    const stops = this.spec.named ? namedStops(this.spec) : plainStops(this.spec);
    if (stops.length === 0) return "";
    const end = stops.length - 1;
    const from = this.cursor < 0 && Number.isFinite(step) ? end - step : this.cursor;
    this.cursor = Math.min(end, Math.max(0, from + step));
    const stop = stops[this.cursor];
    if (this.waiting) this.draw();
    this.cursorShown = true;
    this.light(stop.elements ?? this.elementsAt(stop.x));
    this.chart.render();
    return stop.words ?? valuesText(this.spec, stop.x);
  }

  hideCursor() {
    this.cursorShown = false;
    this.light([]);
    this.chart.render();
  }

  /** @param {number} x */
  elementsAt(x) {
    return this.spec.lines.flatMap((line, datasetIndex) => {
      const index = line.data.findIndex((point) => point.x === x);
      return index < 0 || line.faint || line.band ? [] : { datasetIndex, index };
    });
  }

  /** @param {Element[]} elements */
  light(elements) {
    const { chart } = this;
    const { left, top } = chart.chartArea;
    chart.setActiveElements(elements);
    chart.tooltip.setActiveElements(elements, { x: left, y: top });
  }

  destroy() {
    this.closed = true;
    this.chart.destroy();
  }
}
