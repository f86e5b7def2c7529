// The buttons of a run's page: only those that its state allows.
import { html } from "htm/preact";
import { Icon } from "../../components/icon.js";
import { Menu } from "../../components/menu.js";
import { act, archive, clone, patch } from "../../data/actions.js";
import { deleteWithUndo } from "../../data/deleting.js";
import { whyNotOpen } from "../../logic/anatomy/mlp-state.js";
import { actions, actionsFor, isLive } from "../../logic/runs.js";
import { href, navigate } from "../../router.js";

/** @type {Record<string, string>} */
const icons = { pause: "pause", resume: "play", stop: "stop" };

/** @param {{run: Run}} props */
function ExtendForm({ run }) {
  /** @param {any} event */
  const submit = async (event) => {
    event.preventDefault();
    const epochs = Number(event.target.elements.epochs.value);
    const done = await patch(
      [run.id],
      { epochs },
      `Run ${run.id} now goes on to epoch ${epochs}`,
    );
    if (done) event.target.closest("[popover]")?.hidePopover();
  };
  return html`<form class="menu-form" onSubmit=${submit}>
    <div class="field">
      <label for="extend">Train until epoch</label>
      <input
        id="extend"
        name="epochs"
        class="input"
        inputmode="numeric"
        autocomplete="off"
        defaultValue=${run.config.epochs * 2}
      />
    </div>
    <button class="btn btn-primary btn-small">Extend</button>
  </form>`;
}

/** @param {{run: Run}} props */
function More({ run }) {
  const label = html`<${Icon} name="more" />`;
  const remove = () => {
    deleteWithUndo([run.id]);
    navigate([]);
  };
  return html`<${Menu} label=${label} title="More actions" className="btn btn-icon">
    <a href=${href(["new"], { from: run.id })}>Edit as a new run</a>
    <a href=${href(["compare"], { ids: run.id })}>Compare with …</a>
    ${
      !whyNotOpen(run) &&
      html`<a href=${href(["anatomy", "mlp"], { run: run.id })}>Open in anatomy</a>`
    }
    <a href="/runs/${run.id}/points.csv" download>Download points.csv</a>
    <a href="/runs/${run.id}/model.safetensors" download>Download model.safetensors</a>
    <hr />
    <button type="button" onClick=${() => archive([run], !run.archived)}>
      ${run.archived ? "Take out of the archive" : "Archive"}
    </button>
    ${
      !isLive(run) &&
      html`<button type="button" class="danger" onClick=${remove}>Delete</button>`
    }
  <//>`;
}

/** @param {{run: Run}} props */
export function RunActions({ run }) {
  return html`<div class="row run-actions">
    ${actionsFor(run).map(
      (action) => html`<button
        key=${action}
        type="button"
        class="btn"
        onClick=${() => act([run.id], action)}
      >
        <${Icon} name=${icons[action]} size=${14} /> ${actions[action].label}
      </button>`,
    )}
    ${
      isLive(run) &&
      html`<${Menu} label="Extend" className="btn" keepOpen><${ExtendForm} run=${run} /><//>`
    }
    <button type="button" class="btn" onClick=${() => clone(run)}>
      <${Icon} name="copy" size=${14} /> Clone
    </button>
    <${More} run=${run} />
  </div>`;
}
