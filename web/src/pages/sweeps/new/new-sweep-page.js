// Set up a sweep: what to look for, what to vary, what stays, how to search.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { getSweep } from "../../../api.js";
import { Inputs } from "../../../components/inputs.js";
import { LoadNote } from "../../../components/notes.js";
import { PageTitle } from "../../../components/page-title.js";
import { loadForm } from "../../../data/form.js";
import { useLoaded } from "../../../data/load.js";
import { same } from "../../../logic/config.js";
import { defaultsOf } from "../../../logic/fields.js";
import { spaceProblems } from "../../../logic/space.js";
import { inBase, ownFields, ownMatters } from "../../../logic/sweep-fields.js";
import {
  completeSpec,
  flatValues,
  placesOf,
  readSpec,
  withValue,
} from "../../../logic/sweep-spec.js";
import { setQuery } from "../../../router.js";
import { Presets } from "../../new/presets.js";
import { Same } from "../../new/same.js";
import { BaseSection } from "./base-section.js";
import { SpaceSection } from "./space-section.js";
import { Summary } from "./summary.js";
import { useJudge } from "./use-judge.js";

/** @typedef {Awaited<ReturnType<typeof loadForm>>} FormData */
/** @typedef {import("../../../logic/sweep-spec.js").Given} Given */

/** Copies the sweep that `from` names into the address, once.
 * @param {Record<string, string>} query */
function useSource(query) {
  const [error, setError] = useState(/** @type {Error | null} */ (null));
  useEffect(() => {
    if (!query.from) return;
    getSweep(Number(query.from)).then(
      ({ spec }) => setQuery({ from: null, spec: JSON.stringify(spec) }),
      setError,
    );
  }, [query.from]);
  return error;
}

/** @typedef {Omit<import("../../../components/inputs.js").FormProps, "fields">} Shared */

/** @param {{title: string, fields: Field[], form: Shared}} props */
const Card = ({ title, fields, form }) => html`<section class="card">
  <h2>${title}</h2>
  <div class="form-grid"><${Inputs} fields=${fields} ...${form} /></div>
</section>`;

/** @param {Field[]} fields @param {string[]} names */
const pick = (fields, names) =>
  names.flatMap((name) => fields.find((field) => field.name === name) ?? []);

const how = [
  "sampler",
  "pruner",
  "max_runs",
  "repeats",
  "timed",
  "parallel",
  "time_budget_s",
  "eval_samples",
  "seed",
];

/** @param {{query: Record<string, string>, data: FormData}} props */
function Loaded({ query, data }) {
  const { fields, datasets } = data;
  const given = readSpec(query.spec);
  const complete = (/** @type {Given} */ next) =>
    completeSpec(next, defaultsOf(fields), datasets);
  const { spec, body } = complete(given);
  const { estimate, general, busy, submit, ...judged } = useJudge(
    body,
    placesOf(given, fields),
  );
  const errors = { ...judged.errors, ...spaceProblems(given.space, fields) };

  /** @param {Given} next */
  const keep = (next) => setQuery({ spec: JSON.stringify(complete(next).body) });
  const own = ownFields({ ...spec });
  const form = {
    values: flatValues(spec),
    errors,
    onChange: (/** @type {string} */ path, /** @type {unknown} */ value) =>
      keep(withValue(given, path, value)),
  };
  const goal = pick(fields, ["target_accuracy", "time_budget_s"]).map(inBase);
  return html`<form class="new-layout" onSubmit=${submit} novalidate>
    <div class="stack">
      <${Presets}
        presets=${data.presets}
        isChosen=${(/** @type {Preset} */ { config }) =>
          same(complete(readSpec(JSON.stringify(config))).body, body)}
        onChoose=${(/** @type {Preset} */ { config }) =>
          setQuery({ spec: JSON.stringify(config) })}
      />
      <${Card} title="Goal" fields=${[...pick(own, ["objective"]), ...goal]} form=${form} />
      <${SpaceSection}
        spec=${spec}
        fields=${fields}
        errors=${errors}
        onChange=${(/** @type {Given["space"]} */ space) => keep({ ...given, space })}
      />
      <${BaseSection} spec=${spec} fields=${fields} ...${form} />
      <${Card}
        title="How"
        fields=${pick(own, how).filter((field) => ownMatters(field, spec) || errors[field.name])}
        form=${form}
      />
      <${Card} title="Label" fields=${pick(own, ["name", "notes"])} form=${form} />
    </div>
    <aside class="stack new-side">
      <${Summary} spec=${spec} estimate=${estimate} wrong=${Object.keys(errors).length} data=${data}>
        ${general && html`<p class="note note-bad" role="alert">${general}</p>`}
        <button class="btn btn-primary btn-large launch" disabled=${busy}>
          ${busy ? "Launching …" : "Launch"}
        </button>
      <//>
      <${Same} path="/sweeps" body=${body} />
    </aside>
  </form>`;
}

/** @param {{route: import("../../../logic/url.js").Route}} props */
export function NewSweepPage({ route }) {
  const { query } = route;
  const sourceError = useSource(query);
  const { value, error, reload } = useLoaded(() => loadForm("sweep"), []);
  const failure = sourceError ?? (value ? null : error);
  return html`<div class="page-head"><${PageTitle} title="New sweep" /></div>
    ${
      value && !sourceError && !query.from
        ? html`<${Loaded} query=${query} data=${value} />`
        : html`<${LoadNote} error=${failure} what="the form" onRetry=${reload} />`
    }`;
}
