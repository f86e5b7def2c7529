// One's own data as a dataset: its files, what they are called, and which part tests.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { FileInput } from "../../../components/file-input.js";
import { Inputs } from "../../../components/inputs.js";
import { readHead } from "../../../data/chosen-file.js";
import { columnText, usualColumn } from "../../../logic/csv-head.js";
import { suggestName } from "../../../logic/upload.js";
import { href } from "../../../router.js";
import { classField, nameField } from "./fields.js";
import { TestPart } from "./test-part.js";
import { UploadBar } from "./upload-bar.js";
import { useUpload } from "./use-upload.js";

/** @typedef {import("../../../data/chosen-file.js").Chosen} Chosen */
/** @typedef {{train?: File | null, train_labels?: File | null, test?: File | null, test_labels?: File | null}} Files */

const start = { name: "", class_column: /** @type {unknown} */ (null), test_share: /** @type {unknown} */ (0.2) };

/** @param {Chosen} chosen */
const classOf = ({ columns }) => columns && columnText(columns, usualColumn(columns));

/** What is sent: only what is in sight.
 * @param {typeof start} values @param {Chosen | null} chosen @param {Files} files
 * @param {string} way */
function partsOf(values, chosen, files, way) {
  const idx = chosen?.kind === "idx";
  const all = {
    name: values.name.trim(),
    label: idx ? null : values.class_column,
    test_share: way === "share" ? String(values.test_share) : null,
    train: files.train,
    train_labels: idx && files.train_labels,
    test: way === "file" && files.test,
    test_labels: way === "file" && idx && files.test_labels,
  };
  return /** @type {Record<string, File | string>} */ (
    Object.fromEntries(Object.entries(all).filter(([name, part]) => part || name === "name"))
  );
}

/** Where a refusal stands. @param {string} field */
function placeOf(field) {
  const name = field === "label" ? "class_column" : field;
  return document.getElementById(`field-${name}`) ? name : null;
}

function Intro() {
  return html`<div class="prose muted small">
    <p>
      A CSV file has one sample a row: one column is the class, all others are numbers, and
      the first row may name the columns.
    </p>
    <p>
      IDX files work too, as MNIST has them: pictures of bytes or tables of floats, with
      their labels in a second file, packed with gzip or not.
    </p>
  </div>`;
}

/** @param {{datasets: Dataset[], onDone: (name: string) => Promise<void>}} props */
export function AddForm({ datasets, onDone }) {
  const [values, setValues] = useState(start);
  const [chosen, setChosen] = useState(/** @type {Chosen | null} */ (null));
  const [files, setFiles] = useState(/** @type {Files} */ ({}));
  const [way, setWay] = useState("share");
  const suggested = useRef("");
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  const { errors, general, progress, send, cancel } = useUpload(placeOf, onDone);
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  const change = (/** @type {string} */ name, /** @type {unknown} */ value) =>
    setValues((old) => ({ ...old, [name]: value }));
  const setFile = (/** @type {string} */ name, /** @type {File | null} */ file) =>
    setFiles((old) => ({ ...old, [name]: file }));

  /** @param {File | null} file */
  async function choose(file) {
    setFile("train", file);
    const next = file && (await readHead(file).catch(() => null));
    const name = file ? suggestName(file.name, datasets.map((own) => own.name)) : "";
    setChosen(next);
    setValues((old) => ({
      ...old,
      class_column: next && classOf(next),
      name: old.name === suggested.current ? name : old.name,
    }));
    if (next?.kind !== "idx") setFiles(({ train, test }) => ({ train, test }));
    suggested.current = name;
  }

  /** @param {string} next */
  function chooseWay(next) {
    setWay(next);
    setFiles(({ train, train_labels }) => ({ train, train_labels }));
  }

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    send(partsOf(values, chosen, files, way));
  }

  const idx = chosen?.kind === "idx";
  const fields = chosen && !idx ? [classField(chosen.columns), nameField] : [nameField];
  return html`<form
    class="card stack add-form"
    onSubmit=${submit}
    onDragOver=${(/** @type {Event} */ event) => event.preventDefault()}
    onDrop=${(/** @type {Event} */ event) => event.preventDefault()}
    novalidate
  >
    <h2 ref=${title} tabindex="-1">Add your own data</h2>
    <${Intro} />
    <div class="form-grid files-grid">
      <${FileInput}
        name="train"
        label="Training file"
        help="CSV or IDX, at most 256 MiB."
        error=${errors.train}
        onFile=${choose}
      />
      ${
        idx &&
        html`<${FileInput}
          name="train_labels"
          label="Training labels"
          help="IDX: the class of each sample, a byte each."
          error=${errors.train_labels}
          onFile=${(/** @type {File | null} */ file) => setFile("train_labels", file)}
        />`
      }
    </div>
    <div class="form-grid">
      <${Inputs} fields=${fields} values=${values} errors=${errors} onChange=${change} />
    </div>
    <${TestPart}
      way=${way}
      share=${values.test_share}
      labels=${idx}
      errors=${errors}
      onWay=${chooseWay}
      onShare=${(/** @type {unknown} */ share) => change("test_share", share)}
      onFile=${setFile}
    />
    ${general && html`<p class="note note-bad" role="alert">${general}</p>`}
    ${
      progress
        ? html`<${UploadBar} progress=${progress} onCancel=${cancel} />`
        : html`<div class="row">
            <button class="btn btn-primary">Add it</button>
            <a class="btn" href=${href(["datasets"])}>Cancel</a>
          </div>`
    }
  </form>`;
}
