// What a run's state allows, and how points of the stream change a run.

/** @type {ReadonlySet<string>} */
const live = new Set(["queued", "running", "paused"]);

/** @param {Run} run */
export const isLive = (run) => live.has(run.state);

/** @type {Record<string, {label: string, from: string[]}>} */
export const actions = {
  pause: { label: "Pause", from: ["queued", "running"] },
  resume: { label: "Resume", from: ["paused", "stopped", "failed"] },
  stop: { label: "Stop", from: ["queued", "running", "paused"] },
};

/** @param {Run} run @returns {string[]} names of `actions` */
export function actionsFor(run) {
  return Object.keys(actions).filter((name) => actions[name].from.includes(run.state));
}

/** @type {Record<string, string>} */
const reasons = {
  epochs_done: "all epochs done",
  runs_done: "all runs done",
  target_reached: "target reached",
  time_budget: "time budget used up",
  early_stopping: "no improvement",
  user: "stopped by you",
  not_finite: "numbers overflowed",
  pruner: "ended by its sweep's pruner",
  sweep_time_budget: "its sweep's time was up",
  error: "error",
};

/** @param {string | null | undefined} reason */
export const reasonText = (reason) => (reason ? (reasons[reason] ?? reason) : "");

/** "784-128-10". @param {Run} run */
export function layersText(run) {
  if (run.layers) return run.layers;
  const hidden = run.config?.hidden ?? [];
  return hidden.length ? hidden.join("-") : "linear";
}

/** @param {Run} run @returns {boolean} is there a held-out part that judges? */
export const judgedByValidation = (run) => Number(run.config?.validation_samples) > 0;

/** The best accuracy by whichever set judges. @param {Run} run */
export function bestAccuracy(run) {
  return judgedByValidation(run)
    ? run.summary?.best_val_accuracy
    : run.summary?.best_test_accuracy;
}

/** Whether the server has weights of it: they are stored with its points, and when it is
 * interrupted. @param {Run} run */
export const hasWeights = (run) =>
  Number(run.summary?.points) > 0 ||
  (["paused", "stopped"].includes(run.state) && run.started_at !== null);

/** Changes when the best weights may have. @param {Run} run */
export const weightsVersion = (run) => `${bestAccuracy(run)} ${isLive(run)}`;

/** @param {Run} run */
export const sparkline = (run) => run.sparkline ?? [];

/** The run's name, or something to call it by. @param {Run} run */
export const title = (run) => run.name || `Run ${run.id}`;

const metrics = [
  "lr",
  "train_loss",
  "train_accuracy",
  "test_loss",
  "test_accuracy",
  "val_loss",
  "val_accuracy",
  "grad_norm",
];
const SPARK = 32;

/** @param {unknown} a @param {unknown} b */
const higher = (a, b) =>
  typeof a !== "number" ? b : typeof b !== "number" ? a : Math.max(a, b);

/** The run as it is once `point` is counted in.
 * @param {Run} run @param {Point} point @returns {Run} */
export function withPoint(run, point) {
  const before = run.summary ?? {};
  if (point.step <= Number(before.last_step ?? -1)) return run;
  /** @type {Record<string, unknown>} */
  const last = {
    last_step: point.step,
    last_epoch: point.epoch,
    last_samples: point.samples,
  };
  for (const name of metrics)
    if (name in point) last[`last_${name}`] = point[/** @type {Metric} */ (name)];
  const spark = [...sparkline(run), point.val_accuracy ?? point.test_accuracy ?? null];
  const summary = {
    ...before,
    ...last,
    points: Number(before.points ?? 0) + 1,
    best_test_accuracy: /** @type {number} */ (
      higher(before.best_test_accuracy, point.test_accuracy)
    ),
    best_val_accuracy: /** @type {number} */ (
      higher(before.best_val_accuracy, point.val_accuracy)
    ),
    train_seconds: point.train_seconds,
  };
  const epochs = Number(run.config?.epochs);
  const progress = epochs > 0 ? Math.min(1, point.epoch / epochs) : run.progress;
  return { ...run, summary, progress, sparkline: spark.slice(-SPARK) };
}

/**
 * A row of the list after an event brought the whole run: events carry no sparkline, so
 * the row's goes on by what the event measured last.
 * @param {Run} row @param {Run} run @returns {Run}
 */
export function withUpdate(row, run) {
  if (run.sparkline?.length) return run;
  const moved = Number(run.summary?.last_step) > Number(row.summary?.last_step ?? -1);
  const { last_val_accuracy: val, last_test_accuracy: test } = run.summary ?? {};
  const next = moved ? [/** @type {number | null} */ (val ?? test ?? null)] : [];
  return { ...run, sparkline: [...sparkline(row), ...next].slice(-SPARK) };
}
