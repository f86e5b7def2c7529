// Name, tags and notes: what people write about a run.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { patchRun } from "../../api.js";
import { toast, toastError } from "../../data/toasts.js";

/** @param {string} text */
const tagsOf = (text) => [
  ...new Set(
    text
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

/** @param {{run: Run, onChanged: (run: Run) => void}} props */
export function LabelForm({ run, onChanged }) {
  const [name, setName] = useState(run.name ?? "");
  const [tags, setTags] = useState((run.tags ?? []).join(", "));
  const [notes, setNotes] = useState(run.notes ?? "");

  /** @param {SubmitEvent} event */
  async function save(event) {
    event.preventDefault();
    try {
      const changed = await patchRun(run.id, {
        name: name.trim(),
        tags: tagsOf(tags),
        notes,
      });
      if (changed?.id) onChanged(changed);
      toast("Saved");
    } catch (error) {
      toastError(error);
    }
  }

  /** @param {(text: string) => void} set */
  const typed = (set) => (/** @type {any} */ event) => set(event.target.value);
  return html`<form class="stack" onSubmit=${save}>
    <div class="field">
      <label for="label-name">Name</label>
      <input id="label-name" class="input" value=${name} onInput=${typed(setName)} />
    </div>
    <div class="field">
      <label for="label-tags">Tags</label>
      <input
        id="label-tags"
        class="input"
        value=${tags}
        aria-describedby="label-tags-help"
        onInput=${typed(setTags)}
      />
      <span id="label-tags-help" class="field-help">Separated by commas.</span>
    </div>
    <div class="field">
      <label for="label-notes">Notes</label>
      <textarea id="label-notes" class="input" value=${notes} onInput=${typed(setNotes)} />
    </div>
    <div><button class="btn">Save</button></div>
  </form>`;
}
