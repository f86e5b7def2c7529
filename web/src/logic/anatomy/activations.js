// The activations as functions, for pictures that need thousands of outputs at once.

/** Within 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26). @param {number} x */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const factors = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const tail = factors.reduce((sum, factor) => (sum + factor) * t, 0) * Math.exp(-x * x);
  return Math.sign(x) * (1 - tail);
}

/** @type {Record<string, (x: number) => number>} */
export const activate = {
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  linear: (x) => x,
};

/** What each does, in a few words. @type {Record<string, string>} */
export const activationWords = {
  tanh: "tanh: squeezes every sum into −1 to 1",
  relu: "relu: makes negative sums 0, keeps the others",
  sigmoid: "sigmoid: squeezes every sum into 0 to 1",
  gelu: "gelu: a relu with a soft corner",
  linear: "linear: leaves the sum as it is",
};
