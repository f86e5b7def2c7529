// One Chart.js chart on one canvas: drawn at most four times a second, walked through
// with the arrow keys.
import { annotations, datasets, options } from "./options.js";
import { Chart } from "./library.js";
import { readPalette } from "./palette.js";
import { placeText } from "./spec.js";

/** @typedef {import("./spec.js").Spec} Spec */

const DRAW_MS = 250;

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
    const lines = this.spec.lines.filter((line) => !line.faint && !line.band);
    const first = lines.find((line) => line.data.length > 0);
    if (!first) return "";
    const end = first.data.length - 1;
    const from = this.cursor < 0 && Number.isFinite(step) ? end - step : this.cursor;
    this.cursor = Math.min(end, Math.max(0, from + step));
    const { x } = first.data[this.cursor];
    if (this.waiting) this.draw();
    this.cursorShown = true;
    this.light(this.elementsAt(x));
    this.chart.render();
    const values = lines.flatMap((line) => {
      const y = line.data.find((point) => point.x === x)?.y ?? null;
      return y === null ? [] : `${line.label} ${this.spec.format(y)}`;
    });
    return `${placeText(this.spec, x)}: ${values.join(", ")}`;
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

  /** @param {{datasetIndex: number, index: number}[]} elements */
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
