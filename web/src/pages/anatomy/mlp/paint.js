// Paints on canvases what a network says about the plane. Colours are CSS's: read once
// for each theme.

/** @typedef {[number, number, number]} Rgb */
/** @typedef {{classes: Rgb[], plus: Rgb, minus: Rgb, ground: Rgb, ink: Rgb}} Colours */

/** @param {HTMLElement} parent where roles are read @returns {Colours} */
export function readColours(parent) {
  const probe = document.createElement("span");
  parent.append(probe);
  /** @param {string} name @returns {Rgb} */
  const read = (name) => {
    probe.className = `chart-probe ${name}`;
    const parts = getComputedStyle(probe).color.match(/[\d.]+/g) ?? [];
    return [Number(parts[0] ?? 0), Number(parts[1] ?? 0), Number(parts[2] ?? 0)];
  };
  const colours = {
    classes: [0, 1, 2].map((i) => read(`class${i}`)),
    plus: read("c-plus"),
    minus: read("c-minus"),
    ground: read("c-surface"),
    ink: read("c-text"),
  };
  probe.remove();
  return colours;
}

/** @param {Uint8ClampedArray} data @param {number} at @param {Rgb} ground @param {Rgb} colour
 * @param {number} share */
function mix(data, at, ground, colour, share) {
  for (let k = 0; k < 3; k++) data[at + k] = ground[k] + share * (colour[k] - ground[k]);
  data[at + 3] = 255;
}

/** @param {number} cells a side @param {(data: Uint8ClampedArray) => void} fill */
function picture(cells, fill) {
  const image = new ImageData(cells, cells);
  fill(image.data);
  return image;
}

/**
 * Blue above zero, orange below, paler towards it.
 * @param {ArrayLike<number>} values of a square grid @param {number} cells a side
 * @param {Colours} colours
 */
export function signedPicture(values, cells, { plus, minus, ground }) {
  let largest = 1e-9;
  for (let i = 0; i < values.length; i++)
    largest = Math.max(largest, Math.abs(values[i]));
  return picture(cells, (data) => {
    for (let i = 0; i < values.length; i++) {
      const colour = values[i] < 0 ? minus : plus;
      mix(data, 4 * i, ground, colour, (0.85 * Math.abs(values[i])) / largest);
    }
  });
}

/**
 * The colour of the class, paler where the network is less certain of it.
 * @param {Uint8Array} classes of a square grid @param {Float64Array} shares
 * @param {number} count of classes @param {number} cells a side @param {Colours} colours
 */
export function classPicture(classes, shares, count, cells, { classes: own, ground }) {
  return picture(cells, (data) => {
    for (let i = 0; i < classes.length; i++) {
      const sure = (shares[i] - 1 / count) / (1 - 1 / count);
      mix(data, 4 * i, ground, own[classes[i]], 0.08 + 0.5 * sure);
    }
  });
}

/** @param {ImageData} image */
export function onCanvas(image) {
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}

/** @type {((path: CanvasRenderingContext2D, x: number, y: number, r: number) => void)[]} */
const shapes = [
  (path, x, y, r) => path.arc(x, y, r, 0, 2 * Math.PI),
  (path, x, y, r) => path.rect(x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r),
  (path, x, y, r) => {
    path.moveTo(x, y - 1.2 * r);
    path.lineTo(x + 1.1 * r, y + 0.8 * r);
    path.lineTo(x - 1.1 * r, y + 0.8 * r);
    path.closePath();
  },
];

/** @param {Rgb} colour */
const css = ([r, g, b]) => `rgb(${r} ${g} ${b})`;

/**
 * Samples as circles, squares and triangles.
 * @param {CanvasRenderingContext2D} context @param {number} side in its pixels
 * @param {{values: number[], label: number}[]} samples @param {number} reach
 * @param {number} radius @param {Colours} colours
 */
export function paintSamples(context, side, samples, reach, radius, colours) {
  context.lineWidth = radius / 4;
  context.strokeStyle = css(colours.ground);
  for (const { values, label } of samples) {
    context.beginPath();
    const x = ((values[0] / reach + 1) * side) / 2;
    const y = ((1 - values[1] / reach) * side) / 2;
    shapes[label % shapes.length](context, x, y, radius);
    context.fillStyle = css(colours.classes[label % colours.classes.length]);
    context.fill();
    context.stroke();
  }
}

/**
 * Where w1 x1 + w2 x2 + b is zero: the bend of a neuron of the first layer.
 * @param {CanvasRenderingContext2D} context @param {number} side @param {number} reach
 * @param {number[]} weights @param {number} bias @param {Colours} colours
 */
export function paintBend(context, side, reach, [w1, w2], bias, colours) {
  const size = Math.hypot(w1, w2);
  if (!(size > 0)) return;
  const foot = [(-bias * w1) / size ** 2, (-bias * w2) / size ** 2];
  const along = [(-w2 / size) * 4 * reach, (w1 / size) * 4 * reach];
  const pixel = (/** @type {number} */ x, /** @type {number} */ y) =>
    /** @type {const} */ ([((x / reach + 1) * side) / 2, ((1 - y / reach) * side) / 2]);
  context.beginPath();
  context.moveTo(...pixel(foot[0] - along[0], foot[1] - along[1]));
  context.lineTo(...pixel(foot[0] + along[0], foot[1] + along[1]));
  context.lineWidth = side / 200;
  context.setLineDash([side / 50, side / 80]);
  context.strokeStyle = css(colours.ink);
  context.stroke();
  context.setLineDash([]);
}
