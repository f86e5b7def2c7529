// A digit to draw, or a sample of the test set, and what the model takes it for.
import { html } from "htm/preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { getSamples } from "../../../api.js";
import { Picture } from "../../../components/picture.js";
import { useLoaded } from "../../../data/load.js";
import { usePrediction } from "../../../data/prediction.js";
import { SIDE } from "../../../logic/preprocess.js";
import { setQuery } from "../../../router.js";
import { Answer } from "./answer.js";
import { DrawPad } from "./draw-pad.js";
import { inputOf } from "./ink.js";
import { SamplePicker } from "./sample-picker.js";

/** @typedef {import("../../../logic/strokes.js").Stroke} Stroke */

/** Numbers as short as they can be without the model noticing.
 * @param {ArrayLike<number>} values @param {number} most */
const inputFrom = (values, most) =>
  Array.from(values, (value) => Number((value / most).toFixed(4)));

/** A model of digits can be drawn for; of other pictures there are samples.
 * @param {Dataset} dataset */
const canDraw = ({ name, width, height }) =>
  name === "mnist" && width === SIDE && height === SIDE;

/** The sample that the address names, or where one cannot draw the first.
 * @param {Dataset} dataset @param {string | undefined} text */
function chosenIndex(dataset, text) {
  if (!/^\d+$/.test(text ?? "")) return canDraw(dataset) ? null : 0;
  return Math.min(dataset.test_count - 1, Number(text));
}

/** @param {Dataset} dataset @param {number | null} index */
function useSample(dataset, index) {
  const { value, error } = useLoaded(
    () =>
      index === null
        ? Promise.resolve(null)
        : getSamples(dataset.name, "test", 1, index),
    [dataset.name, index],
  );
  const sample = value?.samples[0] ?? null;
  return { sample: sample?.index === index ? sample : null, error };
}

/** @param {{values: number[] | null, dataset: Dataset}} props */
function Seen({ values, dataset }) {
  const { width, height } = dataset;
  return html`<figure class="seen">
    <${Picture}
      values=${values ?? new Array(width * height).fill(0)}
      width=${width}
      height=${height}
      label=${values ? "What the model sees" : "Nothing drawn yet"}
    />
    <figcaption class="muted small">What the model sees: ${width} × ${height}</figcaption>
  </figure>`;
}

/** @param {{run: Run, dataset: Dataset, version: unknown,
 *   query: Record<string, string>}} props */
export function PictureTry({ run, dataset, version, query }) {
  const [strokes, setStrokes] = useState(/** @type {Stroke[]} */ ([]));
  const [drawing, setDrawing] = useState(false);
  const index = strokes.length ? null : chosenIndex(dataset, query.sample);
  const { sample, error: missing } = useSample(dataset, index);
  const input = useMemo(() => {
    if (strokes.length) return inputFrom(inputOf(strokes), 1);
    return sample && inputFrom(sample.values, 255);
  }, [strokes, sample]);
  const { prediction, error } = usePrediction(run.id, input, version);
  useEffect(() => {
    if (strokes.length && query.sample) setQuery({ sample: null });
  }, [strokes, query.sample]);

  /** @param {number} next */
  function pick(next) {
    setStrokes([]);
    setQuery({ sample: next });
  }

  const draws = canDraw(dataset);
  return html`<div class="try">
    <section class="card stack try-input">
      ${
        draws &&
        html`<${DrawPad}
          strokes=${strokes}
          sample=${sample}
          onStrokes=${setStrokes}
          onDrawing=${setDrawing}
          onClear=${() => {
            setStrokes([]);
            setQuery({ sample: null });
          }}
        />`
      }
      <${SamplePicker} dataset=${dataset} index=${index} sample=${sample} onPick=${pick} />
    </section>
    <section class="card stack">
      <${Answer}
        run=${run}
        classes=${dataset.class_names}
        prediction=${prediction}
        truth=${sample && dataset.class_names[sample.label]}
        right=${sample?.label ?? -1}
        empty=${draws ? "Draw a digit, or take a test sample" : "Take a test sample"}
        busy=${drawing}
        error=${error ?? missing}
      >
        <${Seen} values=${input} dataset=${dataset} />
      <//>
    </section>
  </div>`;
}
