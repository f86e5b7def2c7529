// One sweep: its answer, and every view of what its runs came to.
import { html } from "htm/preact";
import { useMemo } from "preact/hooks";
import { LoadNote } from "../../components/notes.js";
import { PageTitle } from "../../components/page-title.js";
import { deletingSweeps } from "../../data/deleting.js";
import { useAnalysis, useSweep } from "../../data/sweep.js";
import { viewOf } from "../../logic/sweep-view.js";
import { endedRuns, isOpen } from "../../logic/sweeps.js";
import { useStore } from "../../store.js";
import { AnswerCard } from "./analysis/answer-card.js";
import { HeatMapFigure } from "./analysis/heat-map.js";
import { ImportanceCard } from "./analysis/importance.js";
import { ParallelFigure } from "./analysis/parallel.js";
import { SettingsTable } from "./analysis/settings-table.js";
import { SweetSpotFigure } from "./analysis/sweet-spot.js";
import { TradeOffFigure } from "./analysis/trade-off.js";
import { SweepHead } from "./sweep-head.js";
import { useGoal } from "./use-goal.js";

/** @typedef {import("../../logic/trials.js").Goal} Goal */
/** @typedef {import("../../logic/sweep-view.js").View} View */

function Deleted() {
  return html`<div class="empty">
    <${PageTitle} title="This sweep was deleted" />
    <a class="btn" href="#/sweeps">To the sweeps</a>
  </div>`;
}

/** Before the first run has ended. @param {{sweep: Sweep}} props */
function NothingYet({ sweep }) {
  return html`<div class="empty card">
    <h2>${isOpen(sweep) ? "The first runs are under way" : "No run came to an end"}</h2>
    <p>
      ${
        isOpen(sweep)
          ? "The answer and all charts appear as soon as one of them has something to show."
          : "This sweep was over before any of its runs was."
      }
    </p>
  </div>`;
}

/** @param {{sweep: Sweep}} props */
function AllFailed({ sweep }) {
  return html`<p class="note note-bad" role="alert">
    All ${endedRuns(sweep)} runs failed or diverged. Open one of them below to see why; a
    lower learning rate is the first thing to try.
  </p>`;
}

/** @param {Sweep} sweep */
const allFailed = (sweep) =>
  endedRuns(sweep) > 0 &&
  sweep.counts.failed + sweep.counts.diverged === endedRuns(sweep) &&
  sweep.counts.running === 0;

/** What only makes sense once something was measured. The importances stand where there is
 * room. @param {{view: View, query: Record<string, string>}} props */
function Charts({ view, query }) {
  const importance = html`<${ImportanceCard} view=${view} />`;
  const spot = view.analysis.sweet_spot;
  return html`<div class="charts sweep-charts">
      <div class="stack"><${TradeOffFigure} view=${view} /> ${spot && importance}</div>
      <div class="stack"><${SweetSpotFigure} view=${view} /> ${!spot && importance}</div>
    </div>
    <${ParallelFigure} view=${view} query=${query} />`;
}

/**
 * @param {{sweep: Sweep, goal: Goal, onGoal: (changes: Partial<Goal>) => void,
 *   query: Record<string, string>}} props
 */
function SweepAnalysis({ sweep, goal, onGoal, query }) {
  const { analysis, error, fresh } = useAnalysis(sweep.id, goal);
  const view = useMemo(
    () => analysis && viewOf(analysis, goal, fresh),
    [analysis, JSON.stringify(goal), fresh],
  );
  if (!view) return html`<${LoadNote} error=${error} what="the analysis" />`;
  if (!view.measured && endedRuns(sweep) === 0) return html`<${NothingYet} sweep=${sweep} />`;
  return html`
    ${allFailed(sweep) && html`<${AllFailed} sweep=${sweep} />`}
    <${AnswerCard} view=${view} onGoal=${onGoal} />
    <${HeatMapFigure} view=${view} query=${query} />
    ${view.measured && html`<${Charts} view=${view} query=${query} />`}
    <${SettingsTable} view=${view} />
  `;
}

/** @param {{route: import("../../logic/url.js").Route}} props */
export function SweepPage({ route }) {
  const id = Number(route.parts[1]);
  const { sweep, error, put } = useSweep(id);
  const [goal, changeGoal] = useGoal(sweep, route.query);
  const gone = useStore(deletingSweeps).has(id);
  if (sweep?.deleted || gone) return html`<${Deleted} />`;
  if (!sweep || !goal) return html`<${LoadNote} error=${error} what=${`sweep ${id}`} />`;
  return html`<div class="stack sweep-page">
    <${SweepHead} sweep=${sweep} onChanged=${put} />
    <${SweepAnalysis} sweep=${sweep} goal=${goal} onGoal=${changeGoal} query=${route.query} />
  </div>`;
}
