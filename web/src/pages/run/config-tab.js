// Everything that made this run: config, environment, and what people wrote about it.
import { html } from "htm/preact";
import { getOpenapi } from "../../api.js";
import { TextBlock } from "../../components/text-block.js";
import { useLoaded } from "../../data/load.js";
import { cloneBody, curl, difference, same } from "../../logic/config.js";
import { defaultsOf, fieldsOf } from "../../logic/fields.js";
import * as format from "../../logic/format.js";
import { LabelForm } from "./label-form.js";

/** Shown apart: what people write about a run. */
const labels = ["name", "tags", "notes"];

/** @param {{config: RunConfig, defaults: Record<string, unknown>}} props */
function ConfigTable({ config, defaults }) {
  const known = Object.keys(defaults).length > 0;
  const entries = Object.entries(config).filter(([name]) => !labels.includes(name));
  return html`<div class="table-scroll">
    <table class="config">
      <thead>
        <tr><th scope="col">Field</th><th scope="col">Value</th><th scope="col">Default</th></tr>
      </thead>
      <tbody>
        ${entries.map(([name, value]) => {
          const changed = known && !same(value, defaults[name]);
          return html`<tr key=${name} class=${changed ? "changed" : ""}>
            <th scope="row" title=${name}>${format.label(name)}</th>
            <td>${format.configValue(value)}${changed && html` <span class="tag">changed</span>`}</td>
            <td class="muted">${known ? format.configValue(defaults[name]) : "–"}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

/** @param {{facts: [string, unknown][]}} props */
function Facts({ facts }) {
  return html`<dl class="facts">
    ${facts.map(
      ([name, value]) => html`<dt>${format.label(name)}</dt>
        <dd>${typeof value === "object" ? JSON.stringify(value) : String(value)}</dd>`,
    )}
  </dl>`;
}

/** @param {Run} run @returns {[string, unknown][]} */
const times = (run) => [
  ["launched", format.dateTime(run.created_at)],
  ["started", format.dateTime(run.started_at)],
  ["ended", format.dateTime(run.finished_at)],
];

/** @param {{run: Run, onChanged: (run: Run) => void}} props */
export function ConfigTab({ run, onChanged }) {
  const schema = useLoaded(getOpenapi, []);
  const defaults = defaultsOf(fieldsOf(schema.value));
  const { parent: _, ...body } = cloneBody(run);
  const short = schema.value ? difference(body, defaults) : body;
  return html`<div class="config-layout">
    <section class="stack">
      <h2>Config</h2>
      <${ConfigTable} config=${run.config} defaults=${defaults} />
    </section>
    <div class="stack">
      <section class="card">
        <h2>Label</h2>
        <${LabelForm} key=${run.id} run=${run} onChanged=${onChanged} />
      </section>
      <section class="card">
        <h2>Environment</h2>
        <${Facts} facts=${[...times(run), ...Object.entries(run.environment ?? {})]} />
      </section>
      <section class="card stack">
        <h2>Take it away</h2>
        <p class="row">
          <a href="/runs/${run.id}/points.csv" download>points.csv</a>
          <a href="/runs/${run.id}/model.safetensors" download>model.safetensors</a>
        </p>
        <${TextBlock} title="JSON" text=${JSON.stringify(short, null, 2)} />
        <${TextBlock} title="curl" text=${curl(short, location.origin)} />
      </section>
    </div>
  </div>`;
}
