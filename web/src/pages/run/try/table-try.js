// A row of a table, typed or taken from the test set, and what the model takes it for.
import { html } from "htm/preact";
import { useMemo } from "preact/hooks";
import { usePrediction } from "../../../data/prediction.js";
import { useSample } from "../../../data/sample.js";
import { useViewState } from "../../../data/view-state.js";
import { columnsOf, readValues, shortened, valuesText } from "../../../logic/columns.js";
import { sampleOf } from "../../../logic/datasets.js";
import { count } from "../../../logic/format.js";
import { Answer } from "./answer.js";
import { SamplePicker } from "./sample-picker.js";
import { ValueFields } from "./value-fields.js";

const MOST_FIELDS = 64;

/** A sample of the test set, or values of one's own.
 * @typedef {{sample: number | null, values: number[] | null}} Row */

/** @param {Dataset} dataset @param {Record<string, string>} query */
function useRow(dataset, query) {
  const columns = useMemo(() => columnsOf(dataset), [dataset]);
  /** @type {[Row, (row: Row) => void]} */
  const [row, setRow] = useViewState(
    query,
    ({ sample, at }) => {
      const values = readValues(columns, at);
      return { sample: values ? null : (sampleOf(sample, dataset) ?? 0), values };
    },
    ({ sample, values }) => ({ sample, at: values && valuesText(columns, values) }),
  );
  const { sample, error } = useSample(dataset.name, row.sample);
  return { columns, row, setRow, sample, error };
}

/** @param {{run: Run, dataset: Dataset, version: unknown,
 *   query: Record<string, string>}} props */
export function TableTry({ run, dataset, version, query }) {
  const { columns, row, setRow, sample, error: missing } = useRow(dataset, query);
  const values = row.values ?? sample?.values ?? null;
  const input = useMemo(() => values && shortened(values), [values]);
  const { prediction, error } = usePrediction(run.id, input, version);
  return html`<div class="try try-table">
    <section class="card stack">
      <${SamplePicker}
        dataset=${dataset}
        index=${row.sample}
        sample=${sample}
        onPick=${(/** @type {number} */ index) => setRow({ sample: index, values: null })}
      />
      ${
        columns.length <= MOST_FIELDS
          ? values &&
            html`<${ValueFields}
              columns=${columns}
              values=${values}
              onValues=${(/** @type {number[]} */ next) => setRow({ sample: null, values: next })}
            />`
          : html`<p class="muted small">
              It has ${count(columns.length)} columns: too many to type, so take test samples.
            </p>`
      }
    </section>
    <section class="card stack">
      <${Answer}
        run=${run}
        classes=${dataset.class_names}
        prediction=${prediction}
        truth=${sample && dataset.class_names[sample.label]}
        right=${sample?.label ?? -1}
        empty="Take a test sample, or type its values"
        busy=${false}
        error=${error ?? missing}
      />
    </section>
  </div>`;
}
