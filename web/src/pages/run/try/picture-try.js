// A digit to draw, or a sample of the test set, and what the model takes it for.
import { html } from "htm/preact";
import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import { Picture } from "../../../components/picture.js";
import { usePrediction } from "../../../data/prediction.js";
import { useSample } from "../../../data/sample.js";
import { shortened } from "../../../logic/columns.js";
import { sampleOf } from "../../../logic/datasets.js";
import { SIDE } from "../../../logic/preprocess.js";
import { setQuery } from "../../../router.js";
import { Answer } from "./answer.js";
import { DrawPad } from "./draw-pad.js";
import { inputOf } from "./ink.js";
import { SamplePicker } from "./sample-picker.js";

/** @typedef {import("../../../logic/strokes.js").Stroke} Stroke */

/** Numbers as short as they can be without the model noticing.
 * @param {ArrayLike<number>} values @param {number} most */
const inputFrom = (values, most) => shortened(Array.from(values, (value) => value / most));

/** A model of digits can be drawn for; of other pictures there are samples.
 * @param {Dataset} dataset */
const canDraw = ({ name, width, height }) =>
  name === "mnist" && width === SIDE && height === SIDE;

/** @param {Dataset} dataset */
const blank = ({ width, height }) => new Array(width * height).fill(0);

/** @param {{values: number[] | null, dataset: Dataset}} props */
function Seen({ values, dataset }) {
  const { width, height } = dataset;
  return html`<figure class="seen">
    <${Picture}
      values=${values ?? blank(dataset)}
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
  const chosen = sampleOf(query.sample, dataset) ?? (canDraw(dataset) ? null : 0);
  const index = strokes.length ? null : chosen;
  const { sample, error: missing } = useSample(dataset.name, index);
  const input = useMemo(() => {
    if (strokes.length) return inputFrom(inputOf(strokes), 1);
    return sample && inputFrom(sample.values, 255);
  }, [strokes, sample]);
  const { prediction, error } = usePrediction(run.id, input, version);
  // Before a stroke can be drawn, which it would wipe out.
  useLayoutEffect(() => {
    if (query.sample) setStrokes([]);
  }, [query.sample]);

  /** @param {Stroke[]} list */
  function draw(list) {
    if (query.sample) setQuery({ sample: null });
    setStrokes(list);
  }

  /** @param {number} next */
  function pick(next) {
    setStrokes([]);
    setQuery({ sample: next });
  }

  const draws = canDraw(dataset);
  const name = sample && dataset.class_names[sample.label];
  return html`<div class="try">
    <section class="card stack try-input">
      ${
        !draws &&
        html`<${Picture}
          values=${sample?.values ?? blank(dataset)}
          width=${dataset.width}
          height=${dataset.height}
          label=${sample ? `Test sample ${sample.index}: ${name}` : "No sample yet"}
        />`
      }
      ${
        draws &&
        html`<${DrawPad}
          strokes=${strokes}
          sample=${sample}
          onStrokes=${draw}
          onDrawing=${setDrawing}
          onClear=${() => draw([])}
        />`
      }
      <${SamplePicker} dataset=${dataset} index=${index} sample=${sample} onPick=${pick} />
    </section>
    <section class="card stack">
      <${Answer}
        run=${run}
        classes=${dataset.class_names}
        prediction=${prediction}
        truth=${name}
        right=${sample?.label ?? -1}
        empty=${draws ? "Draw a digit, or take a test sample" : "Take a test sample"}
        busy=${drawing}
        error=${error ?? missing}
      >
        ${draws && html`<${Seen} values=${input} dataset=${dataset} />`}
      <//>
    </section>
  </div>`;
}
