// The first row of a CSV file, read as the server reads it (engine/data/csv.h), so that a
// form can offer the columns before anything is sent. The server judges the file.

const COMMA = ",";

/** What separates: commas, or what the first row has more of. @param {string} text */
function separatorOf(text) {
  let quoted = false;
  /** @type {Record<string, number>} */
  const counts = { [COMMA]: 0, ";": 0, "\t": 0 };
  for (const c of text) {
    if (!quoted && (c === "\n" || c === "\r")) break;
    if (c === '"') quoted = !quoted;
    else if (!quoted && c in counts) counts[c]++;
  }
  const most = counts[";"] >= counts["\t"] ? ";" : "\t";
  return counts[most] > counts[COMMA] ? most : COMMA;
}

/** One field from `start` on, and where it ends. @param {string} text
 * @param {number} start @param {string} separator @returns {[string, number]} */
function readField(text, start, separator) {
  let at = start;
  if (text[at] !== '"') {
    while (at < text.length && text[at] !== separator && !"\r\n".includes(text[at])) at++;
    return [text.slice(start, at), at];
  }
  let value = "";
  for (at++; at < text.length; at++) {
    if (text[at] === '"' && text[++at] !== '"') return [value, at];
    value += text[at];
  }
  return [value, at];
}

/**
 * @param {string} head the beginning of a file, without its byte order mark
 * @param {boolean} whole the file has no more than that
 * @returns {string[] | null} null: its first row does not end within
 */
export function firstRow(head, whole) {
  const text = head.replace(/^\ufeff?[\r\n]*/, "");
  const separator = separatorOf(text);
  const fields = [];
  for (let at = 0; ; at++) {
    const [field, end] = readField(text, at, separator);
    fields.push(field);
    at = end;
    if (at >= text.length) return whole && text ? fields : null;
    if (text[at] !== separator) return fields;
  }
}

/** @param {string} text */
export const isDecimal = (text) =>
  /^[ \t]*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?[ \t]*$/.test(text) &&
  Number.isFinite(Number(text));

/** The columns' names: the first row's, unless there is a number in it.
 * @param {string[]} row */
export function namesOf(row) {
  const header = !row.some(isDecimal);
  return row.map((text, i) => (header && text ? text : `column ${i + 1}`));
}

/** As the server compares names: only ASCII letters have a case. @param {string} text */
const folded = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const usual = ["label", "class", "target"];

/** The column that the server takes for the class by itself. @param {string[]} names */
export function usualColumn(names) {
  const found = usual.map((name) => names.findIndex((own) => folded(own) === name));
  return found.find((index) => index >= 0) ?? names.length - 1;
}

/** What tells the server a column: its name, or its number where another one before it is
 * called the same. @param {string[]} names @param {number} index */
export function columnText(names, index) {
  const first = names.findIndex((name) => folded(name) === folded(names[index]));
  return first === index ? names[index] : String(index + 1);
}
