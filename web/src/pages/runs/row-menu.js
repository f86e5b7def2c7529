// What can be done with one run of the table.
import { html } from "htm/preact";
import { Icon } from "../../components/icon.js";
import { Menu } from "../../components/menu.js";
import { act, archive, clone } from "../../data/actions.js";
import { deleteWithUndo } from "../../data/deleting.js";
import { actions, actionsFor, isLive, title } from "../../logic/runs.js";
import { href } from "../../router.js";

/** @param {{run: Run}} props */
export function RowMenu({ run }) {
  const label = html`<${Icon} name="more" />`;
  const name = `Actions for ${title(run)}`;
  return html`<${Menu} label=${label} title=${name} className="btn btn-quiet btn-icon btn-small">
    ${actionsFor(run).map(
      (action) => html`<button type="button" onClick=${() => act([run.id], action)}>
        ${actions[action].label}
      </button>`,
    )}
    <button type="button" onClick=${() => clone(run)}>Clone</button>
    <a href=${href(["new"], { from: run.id })}>Edit as a new run</a>
    <hr />
    <button type="button" onClick=${() => archive([run], !run.archived)}>
      ${run.archived ? "Take out of the archive" : "Archive"}
    </button>
    ${
      !isLive(run) &&
      html`<button type="button" class="danger" onClick=${() => deleteWithUndo([run.id])}>
      Delete
    </button>`
    }
  <//>`;
}
