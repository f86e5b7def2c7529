// What the best model has learnt: its weights as pictures.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { getDataset, getModel } from "../../../api.js";
import { LoadNote } from "../../../components/notes.js";
import { useLoaded } from "../../../data/load.js";
import { useSlowly } from "../../../data/slowly.js";
import { columnsOf } from "../../../logic/columns.js";
import { isPictures, isPlane } from "../../../logic/datasets.js";
import { bytes, count } from "../../../logic/format.js";
import { layersOf } from "../../../logic/layers.js";
import { hasWeights, weightsVersion } from "../../../logic/runs.js";
import { readSafetensors } from "../../../logic/safetensors.js";
import { layersOfModel } from "../../../logic/weights.js";
import { NoWeights } from "../no-weights.js";
import { ColumnUnits } from "./column-units.js";
import { Matrix } from "./matrix.js";
import { PlaneUnits } from "./plane-units.js";
import { Tiles } from "./tiles.js";

const REFRESH_MS = 5000;
/** Parameters that are fetched without being asked for. */
const LIGHT = 4e6;
/** More columns than that are no list any more. */
const MOST_COLUMNS = 64;

/** @typedef {import("../../../logic/weights.js").Layer} Layer */

/** @param {number} id */
async function fetchLayers(id) {
  return layersOfModel(readSafetensors(await getModel(id)));
}

/** @param {{parameters: number, onLoad: () => void}} props */
function AskFirst({ parameters, onLoad }) {
  return html`<div class="empty">
    <p>This model has ${count(parameters)} weights: a file of ${bytes(4 * parameters)}.</p>
    <button type="button" class="btn" onClick=${onLoad}>Load and show them</button>
  </div>`;
}

/** What shows the first layer best, or nothing: then it is a matrix as the others.
 * @param {Dataset} dataset @param {number} inputs */
function firstView(dataset, inputs) {
  if (dataset.features !== inputs) return null;
  if (isPictures(dataset)) return Tiles;
  if (isPlane(dataset)) return PlaneUnits;
  return inputs <= MOST_COLUMNS ? ColumnUnits : null;
}

/** @param {{run: Run, layers: Layer[], dataset: Dataset,
 *   query: Record<string, string>}} props */
function Shown({ run, layers, dataset, query }) {
  const names = layersOf(run).map(({ name }) => name);
  const [first, ...rest] = layers;
  const First = firstView(dataset, first.inputs);
  const matrices = First ? rest : layers;
  return html`<div class="stack weights-tab">
    ${
      First &&
      html`<${First}
        layer=${first}
        name=${names[0]}
        last=${layers.length === 1}
        dataset=${dataset}
        columns=${columnsOf(dataset)}
        order=${query.sort === "norm" ? "norm" : "index"}
        query=${query}
      />`
    }
    ${
      matrices.length > 0 &&
      html`<section class="stack">
        <h2>${First ? "The layers behind it" : "Layers"}</h2>
        <p class="muted small prose">
          A row an output, a column an input. A column without colour belongs to a unit that
          is hardly listened to.
        </p>
        <div class="matrices">
          ${matrices.map(
            (layer) => html`<${Matrix}
              key=${layer.index}
              layer=${layer}
              name=${names[layer.index] ?? `Layer ${layer.index + 1}`}
            />`,
          )}
        </div>
      </section>`
    }
  </div>`;
}

/** @param {{run: Run, query: Record<string, string>}} props */
export function WeightsTab({ run, query }) {
  const [asked, setAsked] = useState(false);
  const heavy = Number(run.parameters) > LIGHT && !asked;
  const ready = hasWeights(run);
  const version = useSlowly(weightsVersion(run), REFRESH_MS);
  const model = useLoaded(
    () => (ready && !heavy ? fetchLayers(run.id) : Promise.resolve(null)),
    [run.id, ready, heavy, version],
  );
  const dataset = useLoaded(() => getDataset(run.config.dataset), [run.config.dataset]);
  if (!ready) return html`<${NoWeights} run=${run} what="They appear" />`;
  if (heavy)
    return html`<${AskFirst}
      parameters=${Number(run.parameters)}
      onLoad=${() => setAsked(true)}
    />`;
  if (!model.value?.length || !dataset.value)
    return html`<${LoadNote}
      error=${model.error ?? dataset.error}
      what="the weights"
      onRetry=${model.reload}
    />`;
  return html`<${Shown}
    run=${run}
    layers=${model.value}
    dataset=${dataset.value}
    query=${query}
  />`;
}
