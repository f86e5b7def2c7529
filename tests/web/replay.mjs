// Samples of MNIST as a pen would have left them on a drawing pad: enlarged, and moved away
// from the middle.
const SIDE = 28;
export const PAD = 280;
const MARGIN = 4;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** First and last pixel with ink, along one axis. */
function inkAlong(pixels, place) {
  const places = pixels.flatMap((value, i) => (value ? [place(i)] : []));
  return [Math.min(...places), Math.max(...places)];
}

/**
 * A bitmap of the pad: 280 x 280 from 0 to 255. Straight lines between the sample's pixels;
 * with `pen` every pixel is either ink or paper, as of a pen.
 */
export function onPad(pixels, random, { pen = false } = {}) {
  const scale = 4 + 7 * random();
  const [left, right] = inkAlong(pixels, (i) => i % SIDE);
  const [top, bottom] = inkAlong(pixels, (i) => Math.floor(i / SIDE));
  const shift = (first, last) =>
    MARGIN + random() * (PAD - 2 * MARGIN - (last - first + 1) * scale) - first * scale;
  const [dx, dy] = [shift(left, right), shift(top, bottom)];
  const at = (x, y) => (x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : pixels[y * SIDE + x]);
  const bitmap = new Uint8Array(PAD * PAD);
  for (let i = 0; i < bitmap.length; i++) {
    const x = ((i % PAD) + 0.5 - dx) / scale - 0.5;
    const y = (Math.floor(i / PAD) + 0.5 - dy) / scale - 0.5;
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [x - column, y - row];
    const upper = at(column, row) * (1 - u) + at(column + 1, row) * u;
    const lower = at(column, row + 1) * (1 - u) + at(column + 1, row + 1) * u;
    const value = upper * (1 - v) + lower * v;
    bitmap[i] = pen ? (value > 127 ? 255 : 0) : value;
  }
  return bitmap;
}
