// The fields of the form for one's own data, apart from the files.
import { columnText } from "../../../logic/csv-head.js";
import { safeText } from "../../../logic/names.js";

const plain = { nullable: false, choices: [], default: "" };

/** @type {Field} */
export const nameField = {
  ...plain,
  name: "name",
  kind: "text",
  help: "Runs refer to it by this name: lower-case letters, digits, - and _, at most 31.",
};

/** @type {Field} */
export const shareField = {
  ...plain,
  name: "test_share",
  kind: "number",
  label: "Share held out",
  help: "0.05 to 0.5 of the rows: no run trains on them; they measure.",
};

/** More columns are not offered one by one. */
const MOST_OFFERED = 500;

/** The column that holds the class: its own name, as one that is called like the server's
 * field "label" would take the look of a label.
 * @param {string[] | null} columns null: not known @returns {Field} */
export function classField(columns) {
  const field = { ...plain, name: "class_column", label: "Class column" };
  if (!columns || columns.length > MOST_OFFERED)
    return {
      ...field,
      kind: "text",
      nullable: true,
      empty: "label, class or target; else the last",
      help: "What is to be learnt: the column's name, or its number from 1.",
    };
  return {
    ...field,
    kind: "choice",
    choices: columns.map((_, i) => columnText(columns, i)),
    words: Object.fromEntries(
      columns.map((name, i) => [columnText(columns, i), safeText(name)]),
    ),
    help: "What is to be learnt: words or numbers, at most 256 different ones.",
  };
}
