// Can it over-fit one batch? The least that network, loss and gradients must manage: a
// run of its own, watched from here.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { createRun } from "../../../api.js";
import { LineChart } from "../../../charts/line-chart.js";
import { Progress } from "../../../components/run-marks.js";
import { usePoints } from "../../../data/points.js";
import { useRuns } from "../../../data/runs.js";
import { toastError } from "../../../data/toasts.js";
import { oneBatchBody, verdictOf } from "../../../logic/diagnosis.js";
import { fixed, isNumber, percent, plural } from "../../../logic/format.js";
import { isLive } from "../../../logic/runs.js";
import { href, setQuery } from "../../../router.js";

const MAX_POINTS = 500;
const none = new Set();

const verdicts = {
  yes: {
    title: "Yes, it can.",
    text: "Network, loss and gradients work together. If the run still does not learn, look at its data, the size of its steps, or how long it trains.",
  },
  no: {
    title: "No, it cannot.",
    text: "A handful of samples, seen again and again, must be learned by heart. That they are not says that something in the network, its first weights or the learning rate is broken: look there, not at the data.",
  },
  waiting: { title: "Trying …", text: "" },
};

/** @param {Point[]} points */
const lossSpec = (points) => ({
  title: "Loss on that one batch",
  label: `Loss on one batch: last ${fixed(points.at(-1)?.train_loss)}`,
  xTitle: "step",
  format: fixed,
  lines: [
    {
      key: "loss",
      label: "loss",
      colour: 1,
      data: points.map(({ step, train_loss }) => ({
        x: step,
        y: isNumber(train_loss) ? train_loss : null,
      })),
    },
  ],
});

/** @param {{id: number, goal: number}} props */
function Outcome({ id, goal }) {
  const { runs } = useRuns([id]);
  const points = usePoints([id], MAX_POINTS).get(id)?.points ?? [];
  const batch = runs.get(id);
  if (!batch) return html`<p class="muted" role="status">Starting …</p>`;
  if (batch.deleted) return html`<p class="muted">That run was deleted.</p>`;
  const best = Math.max(0, ...points.map((point) => Number(point.train_accuracy ?? 0)));
  const verdict = verdictOf(batch, best, goal);
  const { title, text } = verdicts[verdict];
  const samples = plural(Number(batch.config.train_samples), "sample");
  return html`<div class="one-batch-outcome">
    <div class="stack">
      <p role="status" data-verdict=${verdict}><strong>${title}</strong> ${text}</p>
      <p class="small muted numbers">
        ${percent(best, 1)} of ${samples} learned by step
        ${" "}${points.at(-1)?.step ?? 0}; ${percent(goal, 0)} is enough.${" "}
        <a href=${href(["runs", String(id)])}>Run #${id}</a>
      </p>
      ${isLive(batch) && html`<${Progress} run=${batch} />`}
    </div>
    <${LineChart} spec=${lossSpec(points)} hidden=${none} onToggle=${() => {}} />
  </div>`;
}

/** @param {{run: Run, diagnosis: Diagnosis, query: Record<string, string>}} props */
export function OneBatch({ run, diagnosis, query }) {
  const [busy, setBusy] = useState(false);
  const id = Number(query.batch);
  const known = Number.isSafeInteger(id) && id > 0;
  async function start() {
    setBusy(true);
    try {
      const batch = await createRun(oneBatchBody(run, diagnosis));
      setQuery({ batch: batch.id });
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  }
  return html`<section class="card stack one-batch">
    <h3>Can it over-fit one batch?</h3>
    <p class="prose muted small">
      The same network, loss and learning rate on a handful of samples, again and again,
      without whatever keeps it from learning by heart. It takes a moment.
    </p>
    ${known && html`<${Outcome} key=${id} id=${id} goal=${diagnosis.one_batch.goal_accuracy} />`}
    <div>
      <button type="button" class="btn" disabled=${busy} onClick=${start}>
        ${known ? "Try again" : "Try it"}
      </button>
    </div>
  </section>`;
}
