// A person's own files on their way to the server.

/** Bytes that the server takes at most. */
export const MOST_BYTES = 256 * 1024 * 1024;
const LONGEST_NAME = 31;

/** @typedef {"csv" | "idx"} FileKind */

/** An IDX file begins with two zero bytes; what is packed can only be one.
 * @param {Uint8Array} bytes its first ones @returns {FileKind} */
export function kindOf(bytes) {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const idx = bytes[0] === 0 && bytes[1] === 0;
  return packed || idx ? "idx" : "csv";
}

/** @param {string} text @param {number} length */
const cut = (text, length) => text.slice(0, length).replace(/[-_]+$/, "");

/** A name that the server allows and no other dataset has, made of a file's name.
 * @param {string} file @param {string[]} taken */
export function suggestName(file, taken) {
  const plain = file
    .replace(/(\.(gz|csv|tsv|txt|data|idx))+$/i, "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^[-_]+/, "");
  const name = cut(plain, LONGEST_NAME) || "data";
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number++) {
    const next = `${cut(name, LONGEST_NAME - 1 - String(number).length)}-${number}`;
    if (!taken.includes(next)) return next;
  }
}

/** "12.3 of 45.6 MiB" of an upload, or that all of it is there.
 * @param {number} sent bytes @param {number} total */
export function sentText(sent, total) {
  if (sent >= total) return "All is sent; the server reads it …";
  const unit = total < 1024 * 1024 ? 1024 : 1024 * 1024;
  const text = (/** @type {number} */ bytes) => (bytes / unit).toFixed(1);
  return `${text(sent)} of ${text(total)} ${unit === 1024 ? "KiB" : "MiB"}`;
}
