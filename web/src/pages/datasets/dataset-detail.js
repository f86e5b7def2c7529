// One dataset: sizes, how often each class occurs, samples.
import { html } from "htm/preact";
import { getDataset, getSamples } from "../../api.js";
import { LoadNote } from "../../components/notes.js";
import { Segments } from "../../components/segments.js";
import { useLoaded } from "../../data/load.js";
import { isPlane, missing } from "../../logic/datasets.js";
import * as format from "../../logic/format.js";
import { href, setQuery } from "../../router.js";
import { ClassCounts } from "./class-counts.js";
import { SampleView } from "./samples.js";

const PICTURES = 40;
const DOTS = 500;

const splits = [
  { value: "train", label: "Training" },
  { value: "test", label: "Test" },
];

/** @param {{dataset: Dataset}} props */
function Missing({ dataset }) {
  return html`<section class="card stack">
    <h2>${dataset.title}</h2>
    <p class="note">${missing(dataset)}</p>
  </section>`;
}

/** @param {{dataset: Dataset}} props */
function Facts({ dataset }) {
  const range = dataset.value_range;
  return html`<dl class="tiles">
    ${[
      ["Training samples", format.count(dataset.train_count)],
      ["Test samples", format.count(dataset.test_count)],
      ["Inputs", format.count(dataset.features)],
      ["Classes", format.count(dataset.classes)],
      ["Values", range ? range.map((value) => format.short(value, 3)).join(" to ") : "–"],
    ].map(
      ([label, value]) =>
        html`<div class="tile"><dt>${label}</dt><dd>${value}</dd></div>`,
    )}
  </dl>`;
}

/** @param {{dataset: Dataset, split: string}} props */
function SampleCard({ dataset, split }) {
  const limit = isPlane(dataset) ? DOTS : PICTURES;
  const samples = useLoaded(() => getSamples(dataset.name, split, limit), [split]);
  return html`<section class="card">
    <h2>Samples</h2>
    ${
      samples.value
        ? html`<${SampleView} dataset=${dataset} answer=${samples.value} />`
        : html`<${LoadNote} error=${samples.error} what="samples" onRetry=${samples.reload} />`
    }
  </section>`;
}

/** @param {{listed: Dataset, query: Record<string, string>}} props as the list has it */
export function DatasetDetail({ listed, query }) {
  const absent = Boolean(missing(listed));
  const detail = useLoaded(
    () => (absent ? Promise.resolve(listed) : getDataset(listed.name)),
    [listed.name],
  );
  if (absent) return html`<${Missing} dataset=${listed} />`;
  if (!detail.value)
    return html`<${LoadNote} error=${detail.error} what=${listed.name} onRetry=${detail.reload} />`;
  const dataset = detail.value;
  const split = query.split === "test" ? "test" : "train";
  return html`<div class="stack">
    <div class="row spread">
      <div>
        <h2>${dataset.title}</h2>
        <p class="muted">${dataset.description}</p>
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
