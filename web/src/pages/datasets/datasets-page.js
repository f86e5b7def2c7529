// What there is to learn from.
import { html } from "htm/preact";
import { getDatasets } from "../../api.js";
import { LoadNote } from "../../components/notes.js";
import { PageTitle } from "../../components/page-title.js";
import { useLoaded } from "../../data/load.js";
import { missing } from "../../logic/datasets.js";
import * as format from "../../logic/format.js";
import { setQuery } from "../../router.js";
import { DatasetDetail } from "./dataset-detail.js";

/** @param {Dataset} dataset */
function sizeText(dataset) {
  const { train_count: train, test_count: test } = dataset;
  return missing(dataset) ? "not here" : `${format.count(train)} + ${format.count(test)}`;
}

/** @param {{datasets: Dataset[], chosen: Dataset}} props */
function Choice({ datasets, chosen }) {
  return html`<ul class="dataset-list">
    ${datasets.map(
      (dataset) => html`<li key=${dataset.name}>
        <button
          type="button"
          class="preset"
          aria-pressed=${dataset === chosen}
          onClick=${() => setQuery({ name: dataset.name })}
        >
          <strong>${dataset.title}</strong>
          <span class="numbers">${sizeText(dataset)}</span>
        </button>
      </li>`,
    )}
  </ul>`;
}

/** @param {{route: import("../../logic/url.js").Route}} props */
export function DatasetsPage({ route }) {
  const { value, error, reload } = useLoaded(getDatasets, []);
  const chosen = value?.find(({ name }) => name === route.query.name) ?? value?.[0];
  return html`<div class="page-head"><${PageTitle} title="Datasets" /></div>
    ${
      value && chosen
        ? html`<div class="dataset-layout">
          <${Choice} datasets=${value} chosen=${chosen} />
          <${DatasetDetail} key=${chosen.name} listed=${chosen} query=${route.query} />
        </div>`
        : html`<${LoadNote} error=${error} what="the datasets" onRetry=${reload} />`
    }`;
}
