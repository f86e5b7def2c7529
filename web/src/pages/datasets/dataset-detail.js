// One dataset: sizes, how often each class occurs, samples.
import { html } from "htm/preact";
import { getDataset, getSamples } from "../../api.js";
import { LoadNote } from "../../components/notes.js";
import { Segments } from "../../components/segments.js";
import { useLoaded } from "../../data/load.js";
import { isPictures, isPlane, missing } from "../../logic/datasets.js";
import * as format from "../../logic/format.js";
import { href, setQuery } from "../../router.js";
import { ClassCounts } from "./class-counts.js";
import { ColumnTable } from "./column-table.js";
import { DeleteDataset } from "./delete-dataset.js";
import { SampleView } from "./samples.js";

const PICTURES = 40;
const DOTS = 500;
const ROWS = 50;
/** What is fetched of a table with very many columns. */
const MOST_VALUES = 100000;

/** How many samples are shown. @param {Dataset} dataset */
function limitOf(dataset) {
  if (isPlane(dataset)) return DOTS;
  if (isPictures(dataset)) return PICTURES;
  return Math.min(ROWS, Math.max(5, Math.floor(MOST_VALUES / dataset.features)));
}

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
  const range = dataset.columns ? null : dataset.value_range;
  return html`<dl class="tiles">
    ${[
      ["Training samples", format.count(dataset.train_count)],
      ["Test samples", format.count(dataset.test_count)],
      ["Inputs", format.count(dataset.features)],
      ["Classes", format.count(dataset.classes)],
      ...(range
        ? [["Values", range.map((value) => format.short(value, 3)).join(" to ")]]
        : []),
    ].map(
      ([label, value]) =>
        html`<div class="tile"><dt>${label}</dt><dd>${value}</dd></div>`,
    )}
  </dl>`;
}

/** @param {{dataset: Dataset, split: string}} props */
function SampleCard({ dataset, split }) {
  const samples = useLoaded(
    () => getSamples(dataset.name, split, limitOf(dataset)),
    [split],
  );
  return html`<section class="card">
    <h2>Samples</h2>
    ${
      samples.value
        ? html`<${SampleView} dataset=${dataset} answer=${samples.value} />`
        : html`<${LoadNote} error=${samples.error} what="samples" onRetry=${samples.reload} />`
    }
  </section>`;
}

/** @param {{listed: Dataset, query: Record<string, string>, onDeleted: () => void}} props
 * `listed`: as the list has it */
export function DatasetDetail({ listed, query, onDeleted }) {
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
      <div class="dataset-title">
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
        ${
          dataset.uploaded &&
          html`<${DeleteDataset} dataset=${dataset} onDeleted=${onDeleted} />`
        }
      </div>
    </div>
    <${Facts} dataset=${dataset} />
    <div class="dataset-cards">
      <div class="stack">
        <${ClassCounts} dataset=${dataset} split=${split} />
        ${
          dataset.columns &&
          html`<${ColumnTable} columns=${dataset.columns} all=${query.columns === "all"} />`
        }
      </div>
      <${SampleCard} key=${split} dataset=${dataset} split=${split} />
    </div>
  </div>`;
}
