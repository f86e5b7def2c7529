// One sample of a test set.
import { getSamples } from "../api.js";
import { useLoaded } from "./load.js";

/**
 * @param {string} dataset @param {number | null} index null: none is wanted
 * @returns {{sample: Samples["samples"][number] | null, error: Error | null}} the sample
 *   once it is there
 */
export function useSample(dataset, index) {
  const { value, error } = useLoaded(
    () =>
      index === null ? Promise.resolve(null) : getSamples(dataset, "test", 1, index),
    [dataset, index],
  );
  const sample = value?.samples[0] ?? null;
  return { sample: sample?.index === index ? sample : null, error };
}
