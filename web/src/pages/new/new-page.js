// Set up a run. The form's fields come from the server's own description, and the server
// judges the values.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { getRun } from "../../api.js";
import { LoadNote } from "../../components/notes.js";
import { PageTitle } from "../../components/page-title.js";
import { loadForm } from "../../data/form.js";
import { useLoaded } from "../../data/load.js";
import { cloneBody, difference, readConfig, same } from "../../logic/config.js";
import { defaultsOf } from "../../logic/fields.js";
import { setQuery } from "../../router.js";
import { Estimate } from "./estimate.js";
import { Presets } from "./presets.js";
import { RunForm } from "./run-form.js";
import { Same } from "./same.js";
import { useLaunch } from "./use-launch.js";

/** @typedef {Record<string, unknown>} Values */
/** @typedef {Awaited<ReturnType<typeof loadForm>>} FormData */

/** Copies the run that `from` names into the address, once.
 * @param {Record<string, string>} query */
function useSource(query) {
  const [error, setError] = useState(/** @type {Error | null} */ (null));
  useEffect(() => {
    if (!query.from) return;
    getRun(Number(query.from)).then((run) => {
      setQuery({ from: null, config: JSON.stringify(cloneBody(run)) });
    }, setError);
  }, [query.from]);
  return error;
}

/** @param {{query: Record<string, string>, data: FormData}} props */
function Loaded({ query, data }) {
  const { parent, ...given } = readConfig(query.config);
  const defaults = defaultsOf(data.fields);
  const values = { ...defaults, ...given };
  const body = { ...difference(given, defaults), ...(parent ? { parent } : {}) };
  const { submit, errors, general, busy } = useLaunch(body, data.fields);

  /** @param {string} name @param {unknown} value */
  const change = (name, value) => {
    const next = {
      ...difference({ ...values, [name]: value }, defaults),
      ...(parent ? { parent } : {}),
    };
    setQuery({ config: Object.keys(next).length ? JSON.stringify(next) : null });
  };
  return html`<form class="new-layout" onSubmit=${submit} novalidate>
    <div class="stack">
      <${Presets}
        presets=${data.presets}
        isChosen=${(/** @type {Preset} */ { config }) => same(difference(config, defaults), body)}
        onChoose=${(/** @type {Preset} */ { config }) => setQuery({ config: JSON.stringify(config) })}
      />
      <${RunForm} fields=${data.fields} values=${values} errors=${errors} onChange=${change} />
    </div>
    <aside class="stack new-side">
      <${Estimate} values=${values} datasets=${data.datasets} speeds=${data.speeds}>
        ${general && html`<p class="note note-bad" role="alert">${general}</p>`}
        <button class="btn btn-primary btn-large launch" disabled=${busy}>
          ${busy ? "Launching …" : "Launch"}
        </button>
      <//>
      <${Same} path="/runs" body=${body} />
    </aside>
  </form>`;
}

/** @param {{route: import("../../logic/url.js").Route}} props */
export function NewPage({ route }) {
  const { query } = route;
  const sourceError = useSource(query);
  const { value, error, reload } = useLoaded(() => loadForm("run"), []);
  const failure = sourceError ?? (value ? null : error);
  return html`<div class="page-head"><${PageTitle} title="New run" /></div>
    ${
      value && !sourceError && !query.from
        ? html`<${Loaded} query=${query} data=${value} />`
        : html`<${LoadNote} error=${failure} what="the form" onRetry=${reload} />`
    }`;
}
