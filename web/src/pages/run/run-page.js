// One run: what it is doing, its curves, its config.
import { html } from "htm/preact";
import { lazy } from "../../components/lazy.js";
import { LoadNote } from "../../components/notes.js";
import { PageTitle } from "../../components/page-title.js";
import { Progress, RunMark, State, Tags } from "../../components/run-marks.js";
import { deleting } from "../../data/deleting.js";
import { useProjection } from "../../data/projection.js";
import { useRuns } from "../../data/runs.js";
import * as format from "../../logic/format.js";
import { projectionText, secondsLeft } from "../../logic/projection.js";
import { isLive, reasonText, title } from "../../logic/runs.js";
import { href } from "../../router.js";
import { useStore } from "../../store.js";
import { CurvesTab } from "./curves-tab.js";
import { usePace } from "./pace.js";
import { RunActions } from "./run-actions.js";
import { Tiles } from "./tiles.js";
import { WhyLink } from "./why-link.js";

const ConfigTab = lazy(async () => (await import("./config-tab.js")).ConfigTab);
const DiagnosisTab = lazy(async () => (await import("./diagnosis/diagnosis-tab.js")).DiagnosisTab);
const LayersTab = lazy(async () => (await import("./layers/layers-tab.js")).LayersTab);
const MistakesTab = lazy(async () => (await import("./mistakes/mistakes-tab.js")).MistakesTab);
const TryTab = lazy(async () => (await import("./try/try-tab.js")).TryTab);
const WeightsTab = lazy(async () => (await import("./weights/weights-tab.js")).WeightsTab);

const tabs = [
  { key: "curves", label: "Curves", tab: CurvesTab },
  { key: "diagnosis", label: "Why isn’t it learning?", tab: DiagnosisTab },
  { key: "layers", label: "Layers", tab: LayersTab },
  { key: "mistakes", label: "Mistakes", tab: MistakesTab },
  { key: "weights", label: "Weights", tab: WeightsTab },
  { key: "try", label: "Try it", tab: TryTab },
  { key: "config", label: "Config", tab: ConfigTab },
];

/** @param {Run} run @param {number} pace seconds that pass for each training second
 * @param {number | null} left training seconds */
function progressText(run, pace, left) {
  const { last_epoch: epoch } = run.summary;
  const done = format.isNumber(epoch)
    ? format.short(Math.floor(epoch * 100) / 100, 4)
    : "0";
  const parts = [`epoch ${done} of ${format.count(run.config.epochs)}`];
  if (run.state === "running" && left !== null)
    parts.push(`${format.forecast(left * pace)} left`);
  return parts.join(" · ");
}

/** @param {{run: Run}} props */
function RunProgress({ run }) {
  const pace = usePace(run);
  const projection = useProjection(run);
  const target = run.config.target_accuracy;
  const going = projectionText(projection, format.isNumber(target) ? target : null);
  return html`<div class="run-progress">
    <${Progress} run=${run} />
    <div class="row spread small muted numbers">
      <span data-projection>${going && `Projection: ${going}`}</span>
      <span>${progressText(run, pace, secondsLeft(run, projection))}</span>
    </div>
  </div>`;
}

/** @param {{run: Run, current: string}} props */
function Headline({ run, current }) {
  const reason = run.error ? "" : reasonText(run.stop_reason);
  const sweep = run.sweep && href(["sweeps", String(run.sweep)]);
  const parent = run.parent && href(["runs", String(run.parent)]);
  return html`<header class="run-head stack">
    <div class="row spread">
      <div class="row run-title">
        <${PageTitle} title=${title(run)}><${RunMark} id=${run.id} width=${26} /> ${title(run)}<//>
        <span class="muted numbers">#${run.id}</span>
        <${State} run=${run} />
        ${reason && html`<span class="muted small">${reason}</span>`}
        ${sweep && html`<a class="small" href=${sweep}>part of sweep #${run.sweep}</a>`}
        ${parent && html`<a class="small" href=${parent}>cloned from #${run.parent}</a>`}
        <${Tags} tags=${run.tags ?? []} />
      </div>
      <${RunActions} run=${run} />
    </div>
    ${isLive(run) && html`<${RunProgress} run=${run} />`}
    ${run.error && html`<p class="note note-bad" role="alert">${run.error}</p>`}
    <${WhyLink} run=${run} here=${current === "diagnosis"} />
  </header>`;
}

/** @param {{run: Run, current: string}} props */
function Tabs({ run, current }) {
  return html`<nav class="tabs" aria-label="About this run">
    ${tabs.map(
      ({ key, label }) => html`<a
        key=${key}
        href=${href(["runs", String(run.id)], { tab: key === "curves" ? null : key })}
        aria-current=${key === current ? "page" : null}
        >${label}</a
      >`,
    )}
  </nav>`;
}

/** @param {{route: import("../../logic/url.js").Route}} props */
export function RunPage({ route }) {
  const id = Number(route.parts[1]);
  const { runs, errors, put } = useRuns([id]);
  const gone = useStore(deleting).has(id);
  const run = runs.get(id);
  if (run?.deleted || gone)
    return html`<div class="empty">
      <${PageTitle} title="This run was deleted" />
      <a class="btn" href="#/">To the runs</a>
    </div>`;
  if (!run)
    return html`<${LoadNote} error=${errors.get(id) ?? null} what=${`run ${id}`} />`;

  const current = tabs.find(({ key }) => key === route.query.tab) ?? tabs[0];
  return html`<${Headline} run=${run} current=${current.key} />
    <${Tiles} run=${run} />
    <${Tabs} run=${run} current=${current.key} />
    <${current.tab} run=${run} query=${route.query} onChanged=${put} />`;
}
