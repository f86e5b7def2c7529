// What there is to learn from.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { getDataset, getDatasets } from "../../api.js";
import { Icon } from "../../components/icon.js";
import { LoadNote } from "../../components/notes.js";
import { PageTitle } from "../../components/page-title.js";
import { useLoaded } from "../../data/load.js";
import { toast } from "../../data/toasts.js";
import { missing } from "../../logic/datasets.js";
import * as format from "../../logic/format.js";
import { href, navigate, setQuery } from "../../router.js";
import { AddForm } from "./add/add-form.js";
import { DatasetDetail } from "./dataset-detail.js";

/** @param {Dataset} dataset */
function sizeText(dataset) {
  const { train_count: train, test_count: test } = dataset;
  return missing(dataset) ? "not here" : `${format.count(train)} + ${format.count(test)}`;
}

/** @param {{datasets: Dataset[], chosen: Dataset | null}} props */
function Choice({ datasets, chosen }) {
  return html`<ul class="dataset-list">
    ${datasets.map(
      (dataset) => html`<li key=${dataset.name}>
        <button
          type="button"
          class="preset"
          aria-pressed=${dataset === chosen}
          onClick=${() => setQuery({ name: dataset.name, add: null, columns: null })}
        >
          <strong>${dataset.title}</strong>
          <span class="numbers">${sizeText(dataset)}</span>
        </button>
      </li>`,
    )}
  </ul>`;
}

/** @param {{route: import("../../logic/url.js").Route}} props */
export function DatasetsPage({ route: { query } }) {
  const { value, error, reload } = useLoaded(getDatasets, []);
  const [added, setAdded] = useState(/** @type {Dataset | null} */ (null));
  const missed = added && !value?.some(({ name }) => name === added.name);
  const datasets = value && missed ? [...value, added] : value;
  const chosen = datasets?.find(({ name }) => name === query.name) ?? datasets?.[0];

  /** The focus goes to the page, as the form it was in is gone. @param {string} name */
  function show(name) {
    reload();
    navigate(["datasets"], name ? { name } : {});
    document.getElementById("main")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  /** @param {string} name */
  async function arrived(name) {
    const dataset = await getDataset(name);
    setAdded(dataset);
    show(name);
    toast(`${dataset.title} is here: ${sizeText(dataset)} samples`);
  }

  function deleted() {
    setAdded(null);
    show("");
  }

  return html`<div class="page-head">
      <${PageTitle} title="Datasets" />
      <a class="btn" href=${href(["datasets"], { add: 1 })}>
        <${Icon} name="plus" /> Add your own data
      </a>
    </div>
    ${
      datasets && chosen
        ? html`<div class=${`dataset-layout ${query.add ? "adding" : ""}`}>
          <${Choice} datasets=${datasets} chosen=${query.add ? null : chosen} />
          ${
            query.add
              ? html`<${AddForm} datasets=${datasets} onDone=${arrived} />`
              : html`<${DatasetDetail}
                  key=${chosen.name}
                  listed=${chosen}
                  query=${query}
                  onDeleted=${deleted}
                />`
          }
        </div>`
        : html`<${LoadNote} error=${error} what="the datasets" onRetry=${reload} />`
    }`;
}
