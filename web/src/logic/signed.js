// Signed numbers as colours: blue above zero, orange below, the ground's own colour at 0.

/** @typedef {[number, number, number]} Colour */

/** From 0 to the scale's end. @type {Record<"light" | "dark", {plus: Colour[], minus: Colour[]}>} */
const ramps = {
  light: {
    plus: [
      [250, 250, 250],
      [116, 165, 232],
      [16, 61, 148],
    ],
    minus: [
      [250, 250, 250],
      [240, 160, 88],
      [150, 58, 2],
    ],
  },
  dark: {
    plus: [
      [13, 16, 22],
      [38, 96, 184],
      [150, 198, 255],
    ],
    minus: [
      [13, 16, 22],
      [170, 88, 20],
      [255, 190, 118],
    ],
  },
};

/** @param {number} share -1 to 1, of the scale @param {"light" | "dark"} theme
 * @returns {Colour} */
export function signedColour(share, theme) {
  const ramp = ramps[theme][share < 0 ? "minus" : "plus"];
  const place = Math.min(1, Math.abs(share) || 0) * (ramp.length - 1);
  const from = Math.min(ramp.length - 2, Math.floor(place));
  const part = place - from;
  const mixed = ramp[from].map((value, i) => value + (ramp[from + 1][i] - value) * part);
  return /** @type {Colour} */ (mixed.map(Math.round));
}

const STEPS = 255;

/** The pixels of some numbers. @param {ArrayLike<number>} values @param {number} scale
 * @param {"light" | "dark"} theme @returns {Uint8ClampedArray<ArrayBuffer>} RGBA */
export function signedPixels(values, scale, theme) {
  const table = Array.from({ length: 2 * STEPS + 1 }, (_, i) =>
    signedColour((i - STEPS) / STEPS, theme),
  );
  const pixels = new Uint8ClampedArray(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    const share = Math.max(-1, Math.min(1, values[i] / scale)) || 0;
    pixels.set(table[Math.round(share * STEPS) + STEPS], 4 * i);
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}
