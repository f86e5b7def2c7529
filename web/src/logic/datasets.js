// Datasets as the pages see them.

/** @param {unknown} value @returns {value is number} */
const isCount = (value) => typeof value === "number" && Number.isFinite(value);

/** @param {Dataset | undefined} dataset @param {string[]} names first that is a number wins */
function pick(dataset, ...names) {
  for (const name of names) if (isCount(dataset?.[name])) return Number(dataset?.[name]);
  return null;
}

/** @param {Dataset | undefined} dataset */
export function sizesOf(dataset) {
  return {
    train: pick(dataset, "train_samples", "train_count", "train"),
    test: pick(dataset, "test_samples", "test_count", "test"),
    inputs: pick(dataset, "inputs", "features", "input_count"),
    classes: pick(dataset, "classes", "class_count"),
  };
}

/** @param {Dataset} dataset */
export const isMissing = (dataset) => dataset.available === false;
