// What the best model gets wrong on the test set: which class it takes for which, and the
// samples that it is worst at.
import { html } from "htm/preact";
import { getMistakes } from "../../../api.js";
import { LoadNote } from "../../../components/notes.js";
import { useLoaded } from "../../../data/load.js";
import { useSlowly } from "../../../data/slowly.js";
import * as format from "../../../logic/format.js";
import { filterOf } from "../../../logic/mistakes.js";
import { hasWeights, weightsVersion } from "../../../logic/runs.js";
import { NoWeights } from "../no-weights.js";
import { ClassTable } from "./class-table.js";
import { Confusion } from "./confusion.js";
import { Examples } from "./examples.js";

const PAGE = 24;
const MOST = 500;
const REFRESH_MS = 3000;

/** @param {{answer: Mistakes}} props */
function Summary({ answer }) {
  const { count, of, accuracy } = answer;
  const wrong = answer.confusion.flatMap((row, i) => row.filter((_, j) => j !== i));
  const mistakes = wrong.reduce((a, b) => a + b, 0);
  return html`<p class="prose" data-accuracy=${accuracy}>
    The best weights so far get <strong>${format.percent(accuracy)}</strong> of
    ${" "}${format.count(count)} test samples right: ${format.plural(mistakes, "mistake")}.
    ${
      count < of &&
      html` <span class="muted">
        The model is large, so only the first ${format.count(count)} of${" "}
        ${format.count(of)} were judged.
      </span>`
    }
  </p>`;
}

/** @param {{run: Run, query: Record<string, string>}} props */
export function MistakesTab({ run, query }) {
  const filter = filterOf(query);
  const limit = Math.min(MOST, PAGE * Math.max(1, Math.trunc(Number(query.pages)) || 1));
  const version = useSlowly(weightsVersion(run), REFRESH_MS);
  const ready = hasWeights(run);
  const { value, error, reload } = useLoaded(
    () => (ready ? getMistakes(run.id, { ...filter, limit }) : Promise.resolve(null)),
    [run.id, ready, version, filter.actual, filter.predicted, limit],
  );
  if (!ready) return html`<${NoWeights} run=${run} what="Its mistakes appear" />`;
  if (!value || error)
    return html`<${LoadNote} error=${error} what="the mistakes" onRetry=${reload} />`;
  return html`<div class="stack mistakes-tab">
    <${Summary} answer=${value} />
    <div class="mistakes-tables">
      <${Confusion} answer=${value} filter=${filter} />
      <${ClassTable} answer=${value} />
    </div>
    <${Examples}
      run=${run}
      answer=${value}
      filter=${filter}
      more=${value.worst.length < Math.min(value.total, MOST)}
      pages=${limit / PAGE}
    />
  </div>`;
}
