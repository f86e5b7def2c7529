// What the form for one's own data holds, and what is sent of it.
import { useRef, useState } from "preact/hooks";
import { readHead } from "../../../data/chosen-file.js";
import { columnText, usualColumn } from "../../../logic/csv-head.js";
import { suggestName } from "../../../logic/upload.js";

/** @typedef {import("../../../data/chosen-file.js").Chosen} Chosen */
/** @typedef {{name: string, class_column: unknown, test_share: unknown}} Values */
/** @typedef {"train" | "train_labels" | "test" | "test_labels"} FileName */
/** @typedef {Partial<Record<FileName, File | null>>} Files */

/** @param {Chosen | null} chosen */
const classOf = (chosen) =>
  chosen?.columns ? columnText(chosen.columns, usualColumn(chosen.columns)) : null;

/** Only what is in sight. @param {Values} values @param {boolean} idx @param {Files} files
 * @param {string} way @returns {Record<string, File | string>} */
function partsOf(values, idx, files, way) {
  const own = way === "file";
  const all = Object.entries({
    label: idx ? null : values.class_column,
    test_share: own ? null : String(values.test_share),
    train: files.train,
    train_labels: idx && files.train_labels,
    test: own && files.test,
    test_labels: own && idx && files.test_labels,
  });
  return {
    name: values.name.trim(),
    .../** @type {any} */ (Object.fromEntries(all.filter(([, part]) => part))),
  };
}

/** @param {string[]} taken names of other datasets */
export function useOwnData(taken) {
  const [values, setValues] = useState(
    /** @type {Values} */ ({ name: "", class_column: null, test_share: 0.2 }),
  );
  const [chosen, setChosen] = useState(/** @type {Chosen | null} */ (null));
  const [files, setFiles] = useState(/** @type {Files} */ ({}));
  const [way, setWay] = useState("share");
  const suggested = useRef("");
  const idx = chosen?.kind === "idx";

  /** @param {string} name @param {unknown} value */
  const change = (name, value) => setValues((old) => ({ ...old, [name]: value }));

  /** @param {FileName} name @param {File | null} file */
  const setFile = (name, file) => setFiles((old) => ({ ...old, [name]: file }));

  /** The training file tells what else there is to fill in. @param {File | null} file */
  async function choose(file) {
    setFile("train", file);
    const next = file && (await readHead(file).catch(() => null));
    const name = file ? suggestName(file.name, taken) : "";
    setChosen(next);
    setValues((old) => ({
      ...old,
      class_column: classOf(next),
      name: old.name === suggested.current ? name : old.name,
    }));
    if (next?.kind !== "idx") setFiles(({ train, test }) => ({ train, test }));
    suggested.current = name;
  }

  /** Controls of the other way are gone, and so is what they held. @param {string} next */
  function chooseWay(next) {
    setWay(next);
    setFiles(({ train, train_labels }) => ({ train, train_labels }));
  }

  const parts = () => partsOf(values, idx, files, way);
  return { values, chosen, idx, way, change, setFile, choose, chooseWay, parts };
}
