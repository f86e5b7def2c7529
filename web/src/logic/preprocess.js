// A drawing as the digits of MNIST were prepared (LeCun, Cortes, Burges: "The MNIST
// database"): the ink fitted into 20 x 20 keeping its aspect, then placed in 28 x 28 with
// its centre of mass in the middle.

export const SIDE = 28;
const BOX = 20;
/** Fainter than this share of the darkest ink is not ink yet. */
const FAINT = 0.3;
/** The pixel on which the centre of mass falls, to half a pixel, in all of MNIST. */
const MIDDLE = 14;

/**
 * @typedef {{left: number, top: number, width: number, height: number}} Frame
 * @typedef {ArrayLike<number>} Bitmap  row by row, 0: paper, the more the darker
 */

/** The ink's bounding box; null: there is none.
 * @param {Bitmap} grey @param {number} width @param {number} height @returns {Frame | null} */
export function inkFrame(grey, width, height) {
  let most = 0;
  for (let i = 0; i < width * height; i++) most = Math.max(most, grey[i]);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!(grey[y * width + x] > FAINT * most)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  if (right < 0) return null;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * One axis of a resampling: for each target pixel the source pixels that it is made of,
 * and their shares. Shrinking takes the mean over what a target pixel covers, so that no
 * ink is lost; enlarging draws straight lines between the source's pixels.
 * @param {number} start @param {number} length @param {number} limit  of the source
 * @param {number} scale target pixels a source pixel
 * @returns {[number, number][][]} index and share
 */
function shares(start, length, limit, scale) {
  const size = Math.max(1, Math.ceil(length * scale - 1e-9));
  return Array.from({ length: size }, (_, i) => {
    const reach = Math.max(1, 1 / scale);
    const centre = start + (i + 0.5) / scale;
    /** @type {[number, number][]} */
    const list = [];
    for (let s = Math.floor(centre - reach - 0.5); s <= Math.ceil(centre + reach); s++) {
      const share = scale < 1 ? covered(s, centre, reach / 2) : 1 - Math.abs(s + 0.5 - centre);
      if (s >= 0 && s < limit && share > 0) list.push([s, share / (scale < 1 ? reach : 1)]);
    }
    return list;
  });
}

/** How much of pixel `s` lies within `half` of `centre`.
 * @param {number} s @param {number} centre @param {number} half */
const covered = (s, centre, half) =>
  Math.min(s + 1, centre + half) - Math.max(s, centre - half);

/**
 * The framed part, its longer side 20 pixels long.
 * @param {Bitmap} grey @param {number} width @param {number} height @param {Frame} frame
 * @returns {{data: Float32Array, width: number, height: number}}
 */
function fit(grey, width, height, frame) {
  const scale = BOX / Math.max(frame.width, frame.height);
  const across = shares(frame.left, frame.width, width, scale);
  const down = shares(frame.top, frame.height, height, scale);
  const data = new Float32Array(across.length * down.length);
  down.forEach((rows, y) =>
    across.forEach((columns, x) => {
      let sum = 0;
      for (const [row, share] of rows)
        for (const [column, part] of columns) sum += grey[row * width + column] * share * part;
      data[y * across.length + x] = sum;
    }),
  );
  return { data, width: across.length, height: down.length };
}

/** Centre of mass in pixels, where a pixel's middle is a whole number.
 * @param {{data: Float32Array, width: number, height: number}} image @returns {[number, number]} */
function centreOf({ data, width }) {
  let [mass, x, y] = [0, 0, 0];
  data.forEach((value, i) => {
    mass += value;
    x += value * (i % width);
    y += value * Math.floor(i / width);
  });
  return [x / mass, y / mass];
}

/**
 * @param {Bitmap} grey @param {number} width @param {number} height
 * @returns {Float32Array} 28 x 28 from 0 to 1, ink bright; all 0 where there is no ink
 */
export function preprocess(grey, width, height) {
  const out = new Float32Array(SIDE * SIDE);
  const frame = inkFrame(grey, width, height);
  if (!frame) return out;
  const image = fit(grey, width, height, frame);
  const [x, y] = centreOf(image);
  const left = Math.round(MIDDLE - x);
  const top = Math.round(MIDDLE - y);
  const most = image.data.reduce((a, b) => Math.max(a, b), 0);
  image.data.forEach((value, i) => {
    const column = left + (i % image.width);
    const row = top + Math.floor(i / image.width);
    if (column < 0 || column >= SIDE || row < 0 || row >= SIDE) return;
    out[row * SIDE + column] = value / most;
  });
  return out;
}
