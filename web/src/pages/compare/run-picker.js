// Adds a run to the comparison.
import { html } from "htm/preact";
import { listRuns } from "../../api.js";
import { useLoaded } from "../../data/load.js";
import { title } from "../../logic/runs.js";
import { setQuery } from "../../router.js";

const LISTED = 100;

/** @param {{ids: number[]}} props */
export function RunPicker({ ids }) {
  const { value } = useLoaded(() => listRuns({ limit: LISTED }), []);
  const others = (value?.runs ?? []).filter((run) => !ids.includes(run.id));
  /** @param {any} event */
  const add = ({ target }) => {
    if (target.value) setQuery({ ids: [...ids, target.value].join() });
    target.value = "";
  };
  return html`<label class="row small">
    <span class="muted">Add</span>
    <select class="input select picker" value="" onChange=${add} disabled=${!others.length}>
      <option value="">${others.length ? "Choose a run …" : "no further runs"}</option>
      ${others.map((run) => html`<option value=${run.id}>#${run.id} ${title(run)}</option>`)}
    </select>
  </label>`;
}
