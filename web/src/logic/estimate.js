// How big a configured model is and how long its run will take, from measured speeds.

/** Weights and biases of an MLP. @param {number[]} sizes inputs, hidden..., outputs */
export function parameterCount(sizes) {
  let total = 0;
  for (let i = 1; i < sizes.length; i++) total += (sizes[i - 1] + 1) * sizes[i];
  return total;
}

/** @param {unknown} value @returns {number | null} */
const positive = (value) => (typeof value === "number" && value > 0 ? value : null);

/**
 * Samples and steps of one epoch and of the whole run; null where a value is no number.
 * @param {Record<string, unknown>} config
 * @param {number} trainSize samples in the dataset's training set
 */
export function plan(config, trainSize) {
  const batch = positive(config.batch_size);
  const epochs = positive(config.epochs);
  if (!batch || !epochs) return null;
  const held = positive(config.validation_samples) ?? 0;
  const count = Math.min(positive(config.train_samples) ?? trainSize, trainSize) - held;
  if (count <= 0) return null;
  const oneBatch = config.batching === "one_batch";
  const stepsPerEpoch = oneBatch ? 1 : Math.ceil(count / batch);
  const samplesPerEpoch = oneBatch ? Math.min(batch, count) : count;
  return {
    stepsPerEpoch,
    steps: stepsPerEpoch * epochs,
    samples: samplesPerEpoch * epochs,
  };
}

/**
 * Samples a second from the most similar run measured so far: near in batch size and
 * parameters, scaled by the parameters (time a sample grows about in proportion).
 * @param {Speed[]} speeds @param {number} parameters @param {number} batch
 */
export function expectedSpeed(speeds, parameters, batch) {
  let best = null;
  let nearest = Infinity;
  for (const speed of speeds) {
    if (!positive(speed.samples_per_second) || !positive(speed.parameters)) continue;
    const distance =
      Math.abs(Math.log(parameters / speed.parameters)) +
      Math.abs(Math.log(batch / (speed.batch_size || 1)));
    if (distance < nearest) [nearest, best] = [distance, speed];
  }
  if (!best) return null;
  return {
    rate: (best.samples_per_second * best.parameters) / parameters,
    run: best.run,
  };
}
