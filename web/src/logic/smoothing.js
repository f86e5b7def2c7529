// Exponential moving average as training dashboards use it: debiased, so that it does not
// start at zero. A series that has been constant so far stays exactly that constant.

/**
 * @param {(number | null | undefined)[]} values gaps stay gaps
 * @param {number} weight 0 (off) up to below 1
 * @returns {(number | null)[]}
 */
export function smooth(values, weight) {
  let mean = 0;
  let bias = 1;
  let first = NaN;
  let constant = true;
  return values.map((value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) return null;
    if (Number.isNaN(first)) first = value;
    constant = constant && value === first;
    mean = mean * weight + value * (1 - weight);
    bias *= weight;
    return weight <= 0 || constant ? value : mean / (1 - bias);
  });
}
