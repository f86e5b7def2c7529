// All sweeps, newest first.
import { html } from "htm/preact";
import { Icon } from "../../../components/icon.js";
import { LoadNote } from "../../../components/notes.js";
import { PageTitle } from "../../../components/page-title.js";
import { deletingSweeps } from "../../../data/deleting.js";
import { useSweepList } from "../../../data/sweep-list.js";
import { count } from "../../../logic/format.js";
import { useStore } from "../../../store.js";
import { SweepsTable } from "./sweeps-table.js";

function FirstSweep() {
  return html`<div class="empty">
    <${PageTitle} title="Sweeps" />
    <p>Which batch size and how many epochs reach your target soonest?</p>
    <a class="btn btn-primary btn-large" href="#/sweeps/new">Start a sweep</a>
  </div>`;
}

export function SweepsPage() {
  const list = useSweepList();
  const gone = useStore(deletingSweeps);
  if (!list.sweeps)
    return html`<${PageTitle} title="Sweeps" />
      <${LoadNote} error=${list.error} what="the sweeps" onRetry=${() => list.fetch()} />`;
  if (!list.sweeps.length) return html`<${FirstSweep} />`;

  const sweeps = list.sweeps.filter(({ id }) => !gone.has(id));
  return html`<div class="stack">
    <div class="page-head runs-head">
      <div class="row">
        <${PageTitle} title="Sweeps" />
        <span class="muted numbers">${count(list.total - list.sweeps.length + sweeps.length)}</span>
      </div>
      <a class="btn" href="#/sweeps/new"><${Icon} name="plus" /> New sweep</a>
    </div>
    <${SweepsTable} sweeps=${sweeps} />
    ${
      list.next &&
      html`<div>
        <button type="button" class="btn" onClick=${() => list.more()}>More</button>
      </div>`
    }
  </div>`;
}
