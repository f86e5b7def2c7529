// What the list is narrowed to. All of it lives in the address.
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { getDatasets } from "../../api.js";
import { Icon } from "../../components/icon.js";
import { useLoaded } from "../../data/load.js";
import { setQuery } from "../../router.js";

const TYPING_MS = 250;

const states = [
  ["", "All states"],
  ["queued,running,paused", "Live"],
  ["finished", "Finished"],
  ["stopped", "Stopped"],
  ["failed,diverged", "Failed or diverged"],
];

const names = ["state", "dataset", "tag", "q", "sweep", "archived"];

/** @param {Record<string, string>} query */
export const isFiltered = (query) => names.some((name) => query[name]);

/** What GET /runs is asked for. @param {Record<string, string>} query */
export const filtersOf = ({ state, dataset, tag, q, sweep, archived }) => ({
  state,
  dataset,
  tag,
  q,
  sweep,
  archived: archived || "false",
});

/** Another filter starts at the first page. @param {Record<string, unknown>} changes */
const filter = (changes) => setQuery({ ...changes, cursor: null, sel: null });

/** @param {{value: string | undefined}} props */
function Search({ value }) {
  const timer = useRef(/** @type {any} */ (null));
  /** @param {any} event */
  const typed = ({ target }) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => filter({ q: target.value }), TYPING_MS);
  };
  return html`<input
    class="input search"
    type="search"
    placeholder="Find by name"
    aria-label="Find by name"
    defaultValue=${value ?? ""}
    onInput=${typed}
  />`;
}

/** @param {{name: string, value: string}} props */
function Chip({ name, value }) {
  return html`<button
    type="button"
    class="btn btn-small"
    onClick=${() => filter({ [name]: null })}
    aria-label=${`Show all again, not only ${name} ${value}`}
  >
    ${name}: ${value} <${Icon} name="close" size=${12} />
  </button>`;
}

/** All there are, and one that is not any more if it is asked for.
 * @param {{value: string | undefined}} props */
function DatasetSelect({ value }) {
  const datasets = useLoaded(getDatasets, []).value ?? [];
  const names = new Set([...datasets.map(({ name }) => name), ...(value ? [value] : [])]);
  return html`<select
    class="input select"
    aria-label="Dataset"
    value=${value ?? ""}
    onChange=${(/** @type {any} */ e) => filter({ dataset: e.target.value })}
  >
    <option value="">All datasets</option>
    ${[...names].map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
  </select>`;
}

/** @param {{query: Record<string, string>}} props */
export function Filters({ query }) {
  return html`
    <${Search} value=${query.q} />
    <select
      class="input select"
      aria-label="State"
      value=${query.state ?? ""}
      onChange=${(/** @type {any} */ e) => filter({ state: e.target.value })}
    >
      ${states.map(([value, label]) => html`<option value=${value}>${label}</option>`)}
    </select>
    <${DatasetSelect} value=${query.dataset} />
    <label class="check">
      <input
        type="checkbox"
        checked=${query.archived === "true"}
        onChange=${(/** @type {any} */ e) => filter({ archived: e.target.checked || null })}
      />
      Archive
    </label>
    ${query.sweep && html`<${Chip} name="sweep" value=${query.sweep} />`}
    ${query.tag && html`<${Chip} name="tag" value=${query.tag} />`}
  `;
}
