// One Chart.js chart on one canvas: drawn at most four times a second, walked through
// with the arrow keys.
import { annotations, datasets, options } from "./options.js";
import { Chart } from "./library.js";
import { readPalette } from "./palette.js";

/** @typedef {import("./spec.js").Spec} Spec */

const DRAW_MS = 250;

export class CanvasChart {
  /** @param {HTMLCanvasElement} canvas @param {Spec} spec @param {(zoomed: boolean) => void} onZoom */
  constructor(canvas, spec, onZoom) {
    this.spec = spec;
    this.palette = readPalette(/** @type {HTMLElement} */ (canvas.parentElement));
    this.drawn = performance.now();
    this.waiting = false;
    this.closed = false;
    this.cursor = -1;
    this.onZoom = onZoom;
    /** @type {any} */
    this.chart = new Chart(canvas, {
      type: "line",
      data: { datasets: /** @type {any} */ (datasets(spec, this.palette)) },
      options: options(
        () => this.spec,
        this.palette,
        () => onZoom(this.chart.isZoomedOrPanned()),
      ),
    });
  }

  /** @param {Spec} spec */
  update(spec) {
    this.spec = spec;
    if (this.waiting) return;
    this.waiting = true;
    const wait = Math.max(0, this.drawn + DRAW_MS - performance.now());
    setTimeout(() => requestAnimationFrame(() => this.draw()), wait);
  }

  draw() {
    this.waiting = false;
    if (this.closed) return;
    this.drawn = performance.now();
    const { chart, spec, palette } = this;
    chart.data.datasets = datasets(spec, palette);
    chart.options.scales.x.title.text = spec.xTitle;
    chart.options.plugins.annotation.annotations = annotations(spec, palette);
    chart.update("none");
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
    this.showAt(x);
    const values = lines.flatMap((line) => {
      const point = line.data.find((candidate) => candidate.x === x);
      return point && point.y !== null ? `${line.label} ${this.spec.format(point.y)}` : [];
    });
    return `${this.spec.xTitle} ${x}: ${values.join(", ")}`;
  }

  /** @param {number} x */
  showAt(x) {
    const active = this.spec.lines.flatMap((line, datasetIndex) => {
      const index = line.data.findIndex((point) => point.x === x);
      return index < 0 || line.faint || line.band ? [] : { datasetIndex, index };
    });
    const { chart } = this;
    const { left, top } = chart.chartArea;
    chart.setActiveElements(active);
    chart.tooltip.setActiveElements(active, { x: left, y: top });
    chart.update("none");
  }

  destroy() {
    this.closed = true;
    this.chart.destroy();
  }
}
