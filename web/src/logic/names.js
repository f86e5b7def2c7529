// Names that come from a file: any text. They stand within sentences, labels and canvases,
// so what would turn the letters around them is taken out of them here, once.

const controls = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\ud802\ud803\ud83a\ud83b]/;
const [FIRST_STRONG, POP] = ["\u2068", "\u2069"];

/** Controls of direction become visible; what is written from the right stays on its own.
 * @param {string} text */
export function safeText(text) {
  const shown = text.replace(controls, "\ufffd");
  return rightToLeft.test(shown) ? `${FIRST_STRONG}${shown}${POP}` : shown;
}

/** @param {Dataset} dataset @returns {Dataset} */
export const safeDataset = (dataset) => ({
  ...dataset,
  title: safeText(dataset.title),
  description: safeText(dataset.description),
  class_names: dataset.class_names.map(safeText),
  columns: dataset.columns?.map((column) => ({ ...column, name: safeText(column.name) })),
});

/** @param {Mistakes} answer @returns {Mistakes} */
export const safeMistakes = (answer) => ({
  ...answer,
  classes: answer.classes.map(safeText),
  per_class: answer.per_class.map((score) => ({ ...score, name: safeText(score.name) })),
});
