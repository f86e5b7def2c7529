// Deletes one's own dataset, once it is confirmed: its file may exist nowhere else.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { deleteDataset } from "../../api.js";
import { Menu } from "../../components/menu.js";
import { settleDeletions } from "../../data/deleting.js";
import { toast } from "../../data/toasts.js";
import { href } from "../../router.js";

/** @typedef {{dataset: Dataset, onDeleted: () => void}} Props */

/** @param {Props} props */
function Confirm({ dataset, onDeleted }) {
  const [refusal, setRefusal] = useState("");
  const [busy, setBusy] = useState(false);

  async function remove() {
    setBusy(true);
    try {
      await settleDeletions();
      await deleteDataset(dataset.name);
      toast(`Dataset ${dataset.name} deleted`);
      onDeleted();
    } catch (error) {
      setRefusal(/** @type {Error} */ (error).message);
      setBusy(false);
    }
  }

  return html`<div class="menu-form stack delete-dataset">
    ${
      refusal
        ? html`<p class="note note-bad small" role="alert">${refusal}</p>
            <a class="btn btn-small" href=${href([], { dataset: dataset.name })}>Show its runs</a>`
        : html`<p class="small">Its samples are deleted for good. There is no undo.</p>
            <button
              type="button"
              class="btn btn-small btn-danger"
              disabled=${busy}
              onClick=${remove}
            >
              Delete ${dataset.name}
            </button>`
    }
  </div>`;
}

/** @param {Props} props */
export function DeleteDataset(props) {
  return html`<${Menu} label="Delete" className="btn btn-danger" keepOpen>
    <${Confirm} ...${props} />
  <//>`;
}
