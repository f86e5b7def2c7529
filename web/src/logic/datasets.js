// Datasets as the pages see them.

/** What to say of a dataset that is not on this machine, or nothing if it is.
 * @param {Dataset} dataset */
export const missing = (dataset) =>
  dataset.present ? "" : (dataset.hint ?? "This dataset is not on this machine.");

/** Pixels rather than columns. @param {{width: number}} sized a dataset, or what is said
 * of one */
export const isPictures = ({ width }) => width > 0;

/** Points in the plane. @param {Dataset} dataset */
export const isPlane = (dataset) => !isPictures(dataset) && dataset.features === 2;

/** The test sample that an address names; null: none. @param {string | undefined} text
 * @param {Dataset} dataset */
export const sampleOf = (text, dataset) =>
  /^\d+$/.test(text ?? "") ? Math.min(dataset.test_count - 1, Number(text)) : null;
