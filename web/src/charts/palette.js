// The colours that CSS gives, resolved for the canvas: tokens.css stays their only source.
import { COLOURS } from "../logic/colours.js";

/**
 * @typedef {{runs: string[], muted: string, text: string, grid: string,
 *   surface: string}} Palette
 */

/** @param {string} colour @param {number} alpha @returns {string} */
export function faded(colour, alpha) {
  const parts = colour.match(/[\d.]+/g) ?? ["0", "0", "0"];
  return `rgba(${parts.slice(0, 3).join(", ")}, ${alpha})`;
}

/** @param {HTMLElement} parent where roles are read @returns {Palette} */
export function readPalette(parent) {
  const probe = document.createElement("span");
  parent.append(probe);
  /** @param {string} className */
  const read = (className) => {
    probe.className = className;
    return getComputedStyle(probe).color;
  };
  const palette = {
    runs: Array.from({ length: COLOURS }, (_, i) => read(`chart-probe c${i}`)),
    muted: read("chart-probe c-muted"),
    text: read("chart-probe c-text"),
    grid: read("chart-probe c-grid"),
    surface: read("chart-probe c-surface"),
  };
  probe.remove();
  return palette;
}
