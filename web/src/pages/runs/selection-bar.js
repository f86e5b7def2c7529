// What can be done with the runs that are ticked.
import { html } from "htm/preact";
import { act, archive, patch } from "../../data/actions.js";
import { deleteWithUndo } from "../../data/deleting.js";
import { Menu } from "../../components/menu.js";
import { actionsFor, isLive } from "../../logic/runs.js";
import { href, setQuery } from "../../router.js";

/** @param {{runs: Run[]}} props */
function TagForm({ runs }) {
  /** @param {any} event */
  const submit = async (event) => {
    event.preventDefault();
    const tag = event.target.elements.tag.value.trim();
    if (!tag) return;
    for (const run of runs) {
      const tags = [...new Set([...(run.tags ?? []), tag])];
      await patch([run.id], { tags }, `Run ${run.id} tagged “${tag}”`);
    }
    event.target.closest("[popover]")?.hidePopover();
  };
  return html`<form class="menu-form" onSubmit=${submit}>
    <div class="field">
      <label for="bulk-tag">Tag to add</label>
      <input id="bulk-tag" name="tag" class="input" maxlength="64" />
    </div>
    <button class="btn btn-primary btn-small">Add</button>
  </form>`;
}

/** @param {{runs: Run[], selected: number[]}} props runs of this page; ids that are ticked */
export function SelectionBar({ runs, selected }) {
  if (!selected.length) return null;
  const here = runs.filter((run) => selected.includes(run.id));
  const clear = () => setQuery({ sel: null });
  const stoppable = here.filter((run) => actionsFor(run).includes("stop"));
  const deletable = here.filter((run) => !isLive(run));
  /** @param {Run[]} list */
  const ids = (list) => list.map((run) => run.id);
  return html`<div class="selection row" role="group" aria-label="Selected runs">
    <a
      class="btn btn-primary btn-small"
      href=${href(["compare"], { ids: selected.join() })}
      >Compare (${selected.length})</a
    >
    ${
      stoppable.length > 0 &&
      html`<button type="button" class="btn btn-small" onClick=${() => act(ids(stoppable), "stop")}>
      Stop (${stoppable.length})
    </button>`
    }
    <${Menu} label="Tag" className="btn btn-small" keepOpen><${TagForm} runs=${here} /><//>
    <button
      type="button"
      class="btn btn-small"
      onClick=${() => archive(here, !here[0]?.archived).then(clear)}
    >
      ${here[0]?.archived ? "Take out of the archive" : "Archive"}
    </button>
    ${
      deletable.length > 0 &&
      html`<button
      type="button"
      class="btn btn-small btn-danger"
      onClick=${() => {
        deleteWithUndo(ids(deletable));
        clear();
      }}
    >
      Delete (${deletable.length})
    </button>`
    }
    <button type="button" class="btn btn-small btn-quiet" onClick=${clear}>Clear</button>
  </div>`;
}
