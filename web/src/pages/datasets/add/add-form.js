// One's own data as a dataset: its files, what they are called, and which part tests.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { FileInput } from "../../../components/file-input.js";
import { Inputs } from "../../../components/inputs.js";
import { href } from "../../../router.js";
import { classField, nameField } from "./fields.js";
import { TestPart } from "./test-part.js";
import { UploadBar } from "./upload-bar.js";
import { useOwnData } from "./use-own-data.js";
import { useUpload } from "./use-upload.js";

/** Where a refusal stands. @param {string} field */
function placeOf(field) {
  const name = field === "label" ? "class_column" : field;
  return document.getElementById(`field-${name}`) ? name : null;
}

/** A file dropped beside its place must not replace the page. @param {Event} event */
const missed = (event) => event.preventDefault();

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
  const own = useOwnData(datasets.map(({ name }) => name));
  const { errors, general, progress, send, cancel } = useUpload(placeOf, onDone);
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  const { values, chosen, idx, way, change, setFile } = own;
  const fields = chosen && !idx ? [classField(chosen.columns), nameField] : [nameField];

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    send(own.parts());
  }

  return html`<form
    class="card stack add-form"
    onSubmit=${submit}
    onDragOver=${missed}
    onDrop=${missed}
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
        onFile=${own.choose}
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
      onWay=${own.chooseWay}
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
