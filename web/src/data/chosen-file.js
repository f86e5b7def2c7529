// What the beginning of a chosen file tells about it.
import { firstRow, namesOf } from "../logic/csv-head.js";
import { kindOf } from "../logic/upload.js";

const HEAD_BYTES = 256 * 1024;

/** @typedef {import("../logic/upload.js").FileKind} FileKind */
/**
 * @typedef {object} Chosen
 * @property {FileKind} kind
 * @property {string[] | null} columns of a CSV; null: its first row is longer than is read
 */

/** @param {File} file @returns {Promise<Chosen>} */
export async function readHead(file) {
  const head = file.slice(0, HEAD_BYTES);
  const kind = kindOf(new Uint8Array(await head.slice(0, 4).arrayBuffer()));
  if (kind === "idx") return { kind, columns: null };
  const row = firstRow(await head.text(), file.size <= HEAD_BYTES);
  return { kind, columns: row && namesOf(row) };
}

/** Whether it can still be read: one that was edited since it was chosen cannot.
 * @param {File} file */
export const isReadable = (file) =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
