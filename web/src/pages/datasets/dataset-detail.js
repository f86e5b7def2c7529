// One dataset: sizes, how often each class occurs, samples.
import { html } from "htm/preact";
import { getDataset, getSamples } from "../../api.js";
import { LoadNote } from "../../components/notes.js";
import { Segments } from "../../components/segments.js";
import { useLoaded } from "../../data/load.js";
import { isMissing, sizesOf } from "../../logic/datasets.js";
import * as format from "../../logic/format.js";
import { href, setQuery } from "../../router.js";
import { ClassCounts } from "./class-counts.js";
import { Samples } from "./samples.js";

const PICTURES = 40;
const DOTS = 500;

const splits = [
  { value: "train", label: "Training" },
  { value: "test", label: "Test" },
];

/** @param {{dataset: Dataset}} props */
function Missing({ dataset }) {
  return html`<section class="card stack">
    <h2>${dataset.title ?? dataset.name}</h2>
    <p class="note">${dataset.error ?? dataset.hint ?? "This dataset is not on this machine."}</p>
  </section>`;
}

/** @param {{dataset: Dataset}} props */
function Facts({ dataset }) {
  const { train, test, inputs, classes } = sizesOf(dataset);
  const range = Array.isArray(dataset.value_range) ? dataset.value_range : null;
  return html`<dl class="tiles">
    ${[
      ["Training samples", format.count(train)],
      ["Test samples", format.count(test)],
      ["Inputs", format.count(inputs)],
      ["Classes", format.count(classes)],
      ["Values", range ? range.map((value) => format.short(value, 3)).join(" to ") : "–"],
    ].map(
      ([label, value]) =>
        html`<div class="tile"><dt>${label}</dt><dd>${value}</dd></div>`,
    )}
  </dl>`;
}

/** @param {{dataset: Dataset, split: string}} props */
function SampleCard({ dataset, split }) {
  const flat = sizesOf(dataset).inputs === 2;
  const limit = flat ? DOTS : PICTURES;
  const samples = useLoaded(() => getSamples(dataset.name, split, limit), [split]);
  return html`<section class="card">
    <h2>Samples</h2>
    ${
      samples.value
        ? html`<${Samples} dataset=${dataset} answer=${samples.value} flat=${flat} />`
        : html`<${LoadNote} error=${samples.error} what="samples" onRetry=${samples.reload} />`
    }
  </section>`;
}

/** @param {{listed: Dataset, query: Record<string, string>}} props as the list has it */
export function DatasetDetail({ listed, query }) {
  const missing = isMissing(listed);
  const detail = useLoaded(
    () => (missing ? Promise.resolve(listed) : getDataset(listed.name)),
    [listed.name],
  );
  if (missing) return html`<${Missing} dataset=${listed} />`;
  if (!detail.value)
    return html`<${LoadNote} error=${detail.error} what=${listed.name} onRetry=${detail.reload} />`;
  const dataset = detail.value;
  const split = query.split === "test" ? "test" : "train";
  return html`<div class="stack">
    <div class="row spread">
      <div>
        <h2>${dataset.title ?? dataset.name}</h2>
        ${dataset.description && html`<p class="muted">${dataset.description}</p>`}
      </div>
      <div class="row">
        <${Segments}
          legend="Split"
          options=${splits}
          value=${split}
          onChange=${(/** @type {string} */ value) => setQuery({ split: value })}
        />
        <a
          class="btn btn-primary"
          href=${href(["new"], { config: JSON.stringify({ dataset: dataset.name }) })}
          >Train on it</a
        >
      </div>
    </div>
    <${Facts} dataset=${dataset} />
    <div class="dataset-cards">
      <${ClassCounts} dataset=${dataset} split=${split} />
      <${SampleCard} key=${split} dataset=${dataset} split=${split} />
    </div>
  </div>`;
}
