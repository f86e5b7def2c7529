// A network that trains under one's eyes, from the seed or from a finished run's weights.
import { html } from "htm/preact";
import { getModel, getPoints, getRun } from "../../../api.js";
import { LoadNote } from "../../../components/notes.js";
import { useLoaded } from "../../../data/load.js";
import {
  layersFrom,
  settingsOfRun,
  startSettings,
  whyNotOpen,
} from "../../../logic/anatomy/mlp-state.js";
import { readSafetensors } from "../../../logic/safetensors.js";
import { href } from "../../../router.js";
import { Playground } from "./playground.js";

/** @typedef {import("./playground.js").Opened} Opened */

const POINTS = 300;

/** A run as the playground takes it: at its best step, with its losses up to there.
 * @param {number} id @returns {Promise<Opened>} */
async function openRun(id) {
  const run = await getRun(id);
  const reason = whyNotOpen(run);
  if (reason) throw new Error(reason);
  const [model, points] = await Promise.all([getModel(id), getPoints(id, -1, POINTS)]);
  const layers = layersFrom(readSafetensors(model));
  const step = Number(run.summary.best_step ?? run.summary.last_step ?? 0);
  const past = points
    .filter((point) => point.step <= step)
    .map((point) => ({ x: point.step, y: point.train_loss ?? null }));
  return { run, settings: settingsOfRun(run.config), origin: { step, layers }, past };
}

/** @param {{id: number, query: Record<string, string>}} props */
function OpenedPlayground({ id, query }) {
  const { value, error, reload } = useLoaded(() => openRun(id), [id]);
  if (value)
    return html`<${Playground} query=${query} base=${value.settings} opened=${value} />`;
  return html`<${LoadNote} error=${error} what=${`run ${id}`} onRetry=${reload} />
    ${
      error &&
      html`<p><a href=${href(["anatomy", "mlp"])}>Train from a seed instead</a></p>`
    }`;
}

/** @param {{route: import("../../../logic/url.js").Route}} props */
export function MlpPage({ route }) {
  const { query } = route;
  const id = Number(query.run);
  return html`<div class="stack mlp-page">
    <p class="lead">
      Each neuron draws one bend through the plane; layers combine those bends into a
      border of any shape. Press Play and watch the tiles of the first layer turn, and the
      later ones build on them.
    </p>
    ${
      id > 0
        ? html`<${OpenedPlayground} key=${id} id=${id} query=${query} />`
        : html`<${Playground} key="0" query=${query} base=${startSettings} opened=${null} />`
    }
  </div>`;
}
