// What can be done with one sweep of the table.
import { html } from "htm/preact";
import { actOnSweep } from "../../../api.js";
import { Icon } from "../../../components/icon.js";
import { Menu } from "../../../components/menu.js";
import { deleteSweepsWithUndo } from "../../../data/deleting.js";
import { toast, toastError } from "../../../data/toasts.js";
import { isOpen, sweepTitle } from "../../../logic/sweeps.js";
import { href, navigate } from "../../../router.js";

const actions = [
  { action: "pause", label: "Pause", from: ["running"] },
  { action: "resume", label: "Resume", from: ["paused", "stopped"] },
  { action: "stop", label: "Stop", from: ["running", "paused"] },
];

/** @param {Sweep} sweep */
async function clone(sweep) {
  const made = await actOnSweep(sweep.id, "clone");
  toast(`Sweep ${made.id} launched with the same settings`);
  navigate(["sweeps", String(made.id)]);
}

/** @param {{sweep: Sweep}} props */
export function RowMenu({ sweep }) {
  const label = html`<${Icon} name="more" />`;
  const name = `Actions for ${sweepTitle(sweep)}`;
  return html`<${Menu} label=${label} title=${name} className="btn btn-quiet btn-icon btn-small">
    ${actions
      .filter(({ from }) => from.includes(sweep.state))
      .map(
        ({ action, label: text }) => html`<button
          type="button"
          key=${action}
          onClick=${() => actOnSweep(sweep.id, action).catch(toastError)}
        >
          ${text}
        </button>`,
      )}
    <button type="button" onClick=${() => clone(sweep).catch(toastError)}>Clone</button>
    <a href=${href(["sweeps", "new"], { from: sweep.id })}>Edit as a new sweep</a>
    <a href="/sweeps/${sweep.id}/runs.csv" download>Download runs.csv</a>
    ${
      !isOpen(sweep) &&
      html`<hr />
        <button type="button" class="danger" onClick=${() => deleteSweepsWithUndo([sweep.id])}>
          Delete with its runs
        </button>`
    }
  <//>`;
}
