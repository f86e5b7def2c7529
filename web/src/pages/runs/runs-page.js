// All runs: find, watch, compare, tidy up.
import { html } from "htm/preact";
import { LoadNote } from "../../components/notes.js";
import { PageTitle } from "../../components/page-title.js";
import { deleting } from "../../data/deleting.js";
import { useRunList } from "../../data/run-list.js";
import { count } from "../../logic/format.js";
import { parseIds } from "../../logic/url.js";
import { setQuery } from "../../router.js";
import { useStore } from "../../store.js";
import { FirstRun } from "./first-run.js";
import { Filters, filtersOf, isFiltered } from "./filters.js";
import { ColumnChooser } from "./column-chooser.js";
import { RunsTable } from "./runs-table.js";
import { SelectionBar } from "./selection-bar.js";

const PAGE = 50;

/** @param {Record<string, string>} query */
function apiQuery(query) {
  const { sort, cursor } = query;
  return { ...filtersOf(query), sort, cursor, limit: PAGE };
}

/** @param {{query: Record<string, string>, next: string | null}} props */
function Pager({ query, next }) {
  if (!query.cursor && !next) return null;
  return html`<nav class="row" aria-label="Pages of runs">
    <button
      type="button"
      class="btn"
      disabled=${!query.cursor}
      onClick=${() => setQuery({ cursor: null })}
    >
      First page
    </button>
    <button type="button" class="btn" disabled=${!next} onClick=${() => setQuery({ cursor: next })}>
      Next ${PAGE}
    </button>
  </nav>`;
}

/** @param {{query: Record<string, string>}} props */
function NothingFound({ query }) {
  return html`<div class="empty card">
    <h2>${isFiltered(query) ? "No run fits these filters" : "No runs on this page"}</h2>
    <a class="btn" href="#/">Show all runs</a>
  </div>`;
}

/** @param {{route: import("../../logic/url.js").Route}} props */
export function RunsPage({ route }) {
  const { query } = route;
  const list = useRunList(apiQuery(query));
  const gone = useStore(deleting);
  if (!list.runs)
    return html`<${PageTitle} title="Runs" />
    <${LoadNote} error=${list.error} what="the runs" onRetry=${() => list.fetch()} />`;

  const runs = list.runs.filter((run) => !gone.has(run.id));
  const plain = !isFiltered(query) && !query.cursor;
  if (plain && list.runs.length === 0) return html`<${FirstRun} />`;

  const selected = parseIds(query.sel);
  const total =
    list.total === null ? null : list.total - (list.runs.length - runs.length);
  return html`<div class="stack">
    <div class="page-head runs-head">
      <div class="row">
        <${PageTitle} title="Runs" />
        ${total !== null && html`<span class="muted numbers">${count(total)}</span>`}
      </div>
      <div class="row"><${Filters} query=${query} /><${ColumnChooser} query=${query} /></div>
    </div>
    <${SelectionBar} runs=${runs} selected=${selected} />
    ${
      runs.length
        ? html`<${RunsTable} runs=${runs} query=${query} selected=${selected} />`
        : html`<${NothingFound} query=${query} />`
    }
    <${Pager} query=${query} next=${list.next} />
  </div>`;
}
