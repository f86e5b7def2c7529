// The buttons of a sweep's page: only those that its state allows.
import { html } from "htm/preact";
import { actOnSweep, patchSweep } from "../../api.js";
import { Icon } from "../../components/icon.js";
import { Menu } from "../../components/menu.js";
import { deleteSweepsWithUndo } from "../../data/deleting.js";
import { toast, toastError } from "../../data/toasts.js";
import { isOpen } from "../../logic/sweeps.js";
import { href, navigate } from "../../router.js";

/** @typedef {{sweep: Sweep, onChanged: (sweep: Sweep) => void}} Props */

const buttons = [
  { action: "pause", label: "Pause", from: ["running"] },
  { action: "resume", label: "Resume", from: ["paused", "stopped"], icon: "play" },
  { action: "stop", label: "Stop", from: ["running", "paused"] },
];

/** Failures become toasts. @param {() => Promise<void>} task */
const attempt = (task) => task().catch(toastError);

/** @param {any} event a form's submit, within a menu @param {() => Promise<void>} task */
function submit(event, task) {
  event.preventDefault();
  const menu = event.target.closest("[popover]");
  attempt(async () => {
    await task();
    menu?.hidePopover();
  });
}

/** @param {Props} props */
function LabelForm({ sweep, onChanged }) {
  /** @param {any} event */
  const save = (event) =>
    submit(event, async () => {
      const { name, notes } = event.target.elements;
      const changes = { name: name.value.trim(), notes: notes.value };
      onChanged(await patchSweep(sweep.id, changes));
      toast("Saved");
    });
  return html`<form class="menu-form" onSubmit=${save}>
    <div class="field">
      <label for="sweep-name">Name</label>
      <input id="sweep-name" name="name" class="input" defaultValue=${sweep.name} />
    </div>
    <div class="field">
      <label for="sweep-notes">Notes</label>
      <textarea id="sweep-notes" name="notes" class="input" defaultValue=${sweep.notes} />
    </div>
    <button class="btn btn-primary btn-small">Save</button>
  </form>`;
}

/** More runs, or more time where time was what ended it. @param {Props} props */
function ExtendForm({ sweep, onChanged }) {
  const timed = sweep.spec.time_budget_s !== null;
  const field = timed ? "time_budget_s" : "max_runs";
  const now = timed ? Number(sweep.spec.time_budget_s) : sweep.total_runs;
  /** @param {any} event */
  const extend = (event) =>
    submit(event, async () => {
      const value = Number(event.target.elements.more.value);
      onChanged(await actOnSweep(sweep.id, "extend", { [field]: value }));
    });
  return html`<form class="menu-form" onSubmit=${extend}>
    <div class="field">
      <label for="extend">${timed ? "Seconds in all" : "Runs in all"}</label>
      <input
        id="extend"
        name="more"
        class="input"
        inputmode="numeric"
        autocomplete="off"
        defaultValue=${now * 2}
      />
    </div>
    <button class="btn btn-primary btn-small">Extend</button>
  </form>`;
}

/** @param {Sweep} sweep */
const clone = (sweep) =>
  attempt(async () => {
    const made = await actOnSweep(sweep.id, "clone");
    toast(`Sweep ${made.id} launched with the same settings`);
    navigate(["sweeps", String(made.id)]);
  });

/** @param {{sweep: Sweep}} props */
function More({ sweep }) {
  const label = html`<${Icon} name="more" />`;
  const remove = () => {
    deleteSweepsWithUndo([sweep.id]);
    navigate(["sweeps"]);
  };
  return html`<${Menu} label=${label} title="More actions" className="btn btn-icon">
    <a href=${href(["sweeps", "new"], { from: sweep.id })}>Edit as a new sweep</a>
    <a href="/sweeps/${sweep.id}/runs.csv" download>Download runs.csv</a>
    ${
      !isOpen(sweep) &&
      html`<hr />
        <button type="button" class="danger" onClick=${remove}>Delete with its runs</button>`
    }
  <//>`;
}

/** @param {Props} props */
export function SweepActions({ sweep, onChanged }) {
  const form = { sweep, onChanged };
  const act = (/** @type {string} */ action) =>
    attempt(async () => onChanged(await actOnSweep(sweep.id, action)));
  return html`<div class="row run-actions">
    ${buttons
      .filter(({ from }) => from.includes(sweep.state))
      .map(
        ({ action, label, icon }) => html`<button
          key=${action}
          type="button"
          class="btn"
          onClick=${() => act(action)}
        >
          <${Icon} name=${icon ?? action} size=${14} /> ${label}
        </button>`,
      )}
    <${Menu} label="Extend" className="btn" keepOpen><${ExtendForm} ...${form} /><//>
    <${Menu} label="Rename" className="btn" keepOpen><${LabelForm} ...${form} /><//>
    <button type="button" class="btn" onClick=${() => clone(sweep)}>
      <${Icon} name="copy" size=${14} /> Clone
    </button>
    <${More} sweep=${sweep} />
  </div>`;
}
