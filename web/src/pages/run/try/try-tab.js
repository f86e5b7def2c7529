// The trained model at work on what one gives it.
import { html } from "htm/preact";
import { getDataset } from "../../../api.js";
import { LoadNote } from "../../../components/notes.js";
import { useLoaded } from "../../../data/load.js";
import { useSlowly } from "../../../data/slowly.js";
import { isPictures, isPlane } from "../../../logic/datasets.js";
import { hasWeights, weightsVersion } from "../../../logic/runs.js";
import { NoWeights } from "../no-weights.js";
import { PictureTry } from "./picture-try.js";
import { PlaneTry } from "./plane-try.js";
import { TableTry } from "./table-try.js";

const REFRESH_MS = 3000;

/** @param {Dataset} dataset */
function viewOf(dataset) {
  if (isPictures(dataset)) return PictureTry;
  return isPlane(dataset) ? PlaneTry : TableTry;
}

/** @param {{run: Run, query: Record<string, string>}} props */
export function TryTab({ run, query }) {
  const name = run.config.dataset;
  const { value: dataset, error, reload } = useLoaded(() => getDataset(name), [name]);
  const version = useSlowly(weightsVersion(run), REFRESH_MS);
  if (!hasWeights(run)) return html`<${NoWeights} run=${run} what="It can be tried" />`;
  if (!dataset) return html`<${LoadNote} error=${error} what=${name} onRetry=${reload} />`;
  const Try = viewOf(dataset);
  return html`<${Try} run=${run} dataset=${dataset} version=${version} query=${query} />`;
}
