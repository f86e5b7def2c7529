// What a chart shows, in our own terms. options.js turns it into Chart.js's.
import { place } from "../logic/format.js";

/**
 * @typedef {object} Line
 * @property {string} key
 * @property {string} label
 * @property {number | "muted"} colour  place in the palette
 * @property {number[]} [dash]
 * @property {{x: number, y: number | null, name?: string}[]} data  sorted by x; null is
 *   a gap
 * @property {boolean} [faint]  the raw line behind a smoothed one: no legend, no tooltip
 * @property {number} [run]     lights up with this run
 * @property {boolean} [band]   fills the space up to the line after it
 * @property {boolean} [stepped]  holds its value up to the next point
 * @property {number} [dots]    radius of its points
 * @property {boolean} [scattered]  points that no line joins
 *
 * @typedef {object} Spec
 * @property {string} title     caption
 * @property {string} label     what a person who does not see it is told
 * @property {Line[]} lines
 * @property {string} xTitle
 * @property {(y: number) => string} format
 * @property {boolean} [accuracy]  fractions shown as per cent
 * @property {number} [top]     values cannot be above: the axis ends there
 * @property {boolean} [log]
 * @property {boolean} [xLog]
 * @property {boolean} [fromZero]  no value is below zero, where the y axis starts
 * @property {string} [yTitle]
 * @property {boolean} [named]  each point stands for something with a name: the cursor
 *   goes from one to the next
 * @property {{y: number, label: string}} [target]
 * @property {{y: number, label: string}[]} [marks]  more lines across, with their names
 * @property {{x: number, label: string}} [limit]
 * @property {{x: number, y: number, text: string}[]} [tags]  words beside points
 * @property {{low: number, high: number}} [aim]  shaded from low to high
 * @property {{low: number, high: number}} [bars]  bars side by side from low to high
 *   in place of lines
 * @property {boolean} [whole]  places on the x axis are counted: no ticks in between
 * @property {(x: number) => string} [place]  names a place on the x axis
 * @property {string} [empty]  said where there is nothing to draw
 * @property {{x: number, y: number}} [best]  gets a ring
 * @property {number | null} [lit]  run to light up
 */

/** Values that a log axis cannot show become gaps.
 * @param {Line} line @param {boolean | undefined} log */
export function drawable(line, log) {
  if (!log) return line.data;
  return line.data.map(({ x, y }) => ({ x, y: y !== null && y > 0 ? y : null }));
}

/** Where the cursor stands, in words. @param {Spec} spec @param {number} x */
export const placeText = (spec, x) => `${spec.xTitle} ${(spec.place ?? place)(x)}`;
