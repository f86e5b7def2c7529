// What became of the run on one batch, watched while it trains.
import { html } from "htm/preact";
import { LineChart } from "../../../charts/line-chart.js";
import { LoadNote } from "../../../components/notes.js";
import { Progress, State } from "../../../components/run-marks.js";
import { usePoints } from "../../../data/points.js";
import { useRuns } from "../../../data/runs.js";
import { verdictOf } from "../../../logic/diagnosis.js";
import { count, fixed, percent, plural } from "../../../logic/format.js";
import { isLive } from "../../../logic/runs.js";
import { extent } from "../../../logic/stats.js";
import { href } from "../../../router.js";

const MAX_POINTS = 500;
/** How many times its lowest a loss must be to be drawn on a log axis. */
const WIDE = 20;
const none = new Set();

const verdicts = {
  yes: {
    title: "Yes, it can.",
    text: html`Network, loss and gradients work together. If the run still does not learn,
      look at its data, the size of its steps, or how long it trains.`,
  },
  no: {
    title: "No, it cannot.",
    text: html`A handful of samples, seen again and again, must be learned by heart. That
      they are not says that something in the network, its first weights, the loss or the
      learning rate is broken: look there, not at the data.`,
  },
  waiting: { title: "Trying …", text: "The verdict comes as soon as there is one." },
  cut: { title: "No answer.", text: "The run was ended before it could tell." },
};

/** @param {Point[]} points @returns {import("../../../charts/spec.js").Spec} */
function lossSpec(points) {
  const range = extent(points.map(({ train_loss: loss }) => loss));
  const data = points.map(({ step: x, train_loss: y }) => ({ x, y: y ?? null }));
  return {
    title: "Loss on that one batch",
    label: `Loss on one batch: last ${fixed(points.at(-1)?.train_loss)}`,
    lines: [{ key: "loss", label: "loss", colour: 1, data: range ? data : [] }],
    xTitle: "step",
    format: fixed,
    log: range !== null && range[1] > WIDE * range[0],
    whole: true,
    empty: points.length ? "The loss was never a finite number" : undefined,
  };
}

/** @param {{batch: Run, goal: number}} props */
function Verdict({ batch, goal }) {
  const points = usePoints([batch.id], MAX_POINTS).get(batch.id)?.points ?? [];
  const { verdict, best, step } = verdictOf(batch, points, goal);
  const { title, text } = verdicts[verdict];
  const samples = plural(Number(batch.config.train_samples), "sample");
  return html`<div class="one-batch-outcome">
    <div class="stack">
      <p role="status" data-verdict=${verdict}><strong>${title}</strong> ${text}</p>
      <p class="small muted numbers">
        ${percent(best, 1)} of ${samples} learned by step ${count(step)};${" "}
        ${percent(goal, 0)} is enough.
      </p>
      <p class="row small">
        <a href=${href(["runs", String(batch.id)])}>Run #${batch.id}</a>
        <${State} run=${batch} />
      </p>
      ${isLive(batch) && html`<${Progress} run=${batch} />`}
    </div>
    <${LineChart}
      spec=${lossSpec(points)}
      hidden=${none}
      onToggle=${() => {}}
      heading="h4"
    />
  </div>`;
}

/** `id` stands in the address, so it may be anything.
 * @param {{id: number, parent: number, goal: number}} props */
export function Outcome({ id, parent, goal }) {
  const { runs, errors } = useRuns([id]);
  const batch = runs.get(id);
  if (!batch)
    return html`<${LoadNote} error=${errors.get(id) ?? null} what=${`run ${id}`} />`;
  if (batch.deleted) return html`<p class="muted">Run ${id} was deleted.</p>`;
  if (batch.parent !== parent)
    return html`<p class="muted">Run ${id} is not this run on one batch.</p>`;
  return html`<${Verdict} batch=${batch} goal=${goal} />`;
}
