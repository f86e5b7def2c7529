// A point to move about the plane, and what the model takes it for.
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { getSamples, predict } from "../../../api.js";
import { LoadNote } from "../../../components/notes.js";
import { useLoaded } from "../../../data/load.js";
import { usePrediction } from "../../../data/prediction.js";
import { useSample } from "../../../data/sample.js";
import { columnsOf, roughText, snapped } from "../../../logic/columns.js";
import { sampleOf } from "../../../logic/datasets.js";
import { batches, gridOf, placeOf, windowOf } from "../../../logic/plane.js";
import { setQuery } from "../../../router.js";
import { Answer } from "./answer.js";
import { PlanePad } from "./plane-pad.js";
import { SamplePicker } from "./sample-picker.js";
import { ValueFields } from "./value-fields.js";

const DOTS = 400;
const GRID = 48;
const MOST_ROWS = 256;
const SETTLED_MS = 300;

/** @typedef {import("../../../logic/plane.js").Place} Place */

/** @param {Place} place */
const addressOf = (place) => place.map((value) => Number(value.toFixed(3))).join(",");

/** What the model says all over the window. @param {number} id
 * @param {import("../../../logic/plane.js").Window} window
 * @returns {Promise<{outputs: (number | null)[][], labels: number[]}>} */
async function askEverywhere(id, window) {
  const all = { outputs: /** @type {(number | null)[][]} */ ([]), labels: [0] };
  all.labels = [];
  for (const rows of batches(gridOf(window, GRID), MOST_ROWS)) {
    const { outputs, labels } = await predict(id, rows);
    all.outputs.push(...outputs);
    all.labels.push(...labels);
  }
  return all;
}

/** What the pointer means: in the units of a file no more digits than it can tell apart.
 * @param {Dataset} dataset @param {number[]} place @returns {Place} */
function nearest(dataset, place) {
  const [x, y] = dataset.columns
    ? columnsOf(dataset).map((column, i) => snapped(column, place[i]))
    : place;
  return [x, y];
}

/** The point, which goes to a sample that is picked, and into the address once it has come
 * to rest.
 * @param {Dataset} dataset @param {Record<string, string>} query */
function usePlace(dataset, query) {
  const chosen = sampleOf(query.sample, dataset);
  const { sample } = useSample(dataset.name, chosen);
  const start = useMemo(() => nearest(dataset, [0, 0]), [dataset]);
  const [place, setPlace] = useState(placeOf(query.at) ?? start);
  const there = sample?.values.every((value, i) => value === place[i]) ? sample : null;
  useLayoutEffect(() => {
    if (sample) setPlace([sample.values[0], sample.values[1]]);
  }, [sample]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const at = addressOf(place);
      const waiting = chosen !== null && !sample;
      if (!there && !waiting && at !== (query.at ?? addressOf(start))) setQuery({ at, sample: null });
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [place, sample]);
  return { place, setPlace, chosen, sample: there };
}

/** Where the point is, in words. @param {Dataset} dataset @param {Place} place */
function placeText(dataset, place) {
  if (!dataset.columns) return `x ${place[0].toFixed(2)}, y ${place[1].toFixed(2)}`;
  return columnsOf(dataset)
    .map((column, i) => `${column.name} ${roughText(column, place[i])}`)
    .join(", ");
}

/** @param {{run: Run, dataset: Dataset, version: unknown,
 *   query: Record<string, string>}} props */
export function PlaneTry({ run, dataset, version, query }) {
  const samples = useLoaded(() => getSamples(dataset.name, "test", DOTS), [dataset.name]);
  const window = useMemo(() => windowOf(samples.value?.samples ?? []), [samples.value]);
  const surface = useLoaded(
    () => (samples.value ? askEverywhere(run.id, window) : Promise.resolve(null)),
    [run.id, window, version],
  );
  const { place, setPlace, chosen, sample } = usePlace(dataset, query);
  const [busy, setBusy] = useState(false);
  const input = useMemo(() => place.map((value) => Number(value.toFixed(4))), [place]);
  const { prediction, error } = usePrediction(run.id, input, version);
  if (!samples.value)
    return html`<${LoadNote}
      error=${samples.error}
      what="the samples"
      onRetry=${samples.reload}
    />`;
  return html`<div class="try try-plane">
    <section class="card stack try-input">
      <${PlanePad}
        samples=${samples.value.samples}
        classes=${dataset.class_names}
        columns=${columnsOf(dataset)}
        window=${window}
        surface=${surface.value}
        grid=${GRID}
        place=${place}
        onPlace=${(/** @type {Place} */ next) => setPlace(nearest(dataset, next))}
        onBusy=${setBusy}
      />
      ${
        dataset.columns &&
        html`<${ValueFields}
          columns=${dataset.columns}
          values=${place}
          onValues=${(/** @type {Place} */ next) => setPlace(next)}
        />`
      }
      <${SamplePicker}
        dataset=${dataset}
        index=${sample ? sample.index : chosen}
        sample=${sample}
        onPick=${(/** @type {number} */ index) => setQuery({ sample: index, at: null })}
      />
    </section>
    <section class="card stack">
      <${Answer}
        run=${run}
        classes=${dataset.class_names}
        prediction=${prediction}
        truth=${sample && dataset.class_names[sample.label]}
        right=${sample?.label ?? -1}
        empty="Point at the plane"
        busy=${busy}
        error=${error ?? surface.error}
      />
      <p class="muted small numbers" data-place>
        At ${placeText(dataset, place)}. The ground is what the model
        says there; dots are test samples.
      </p>
    </section>
  </div>`;
}
