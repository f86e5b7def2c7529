// The columns of the table of runs. `sort`: the name that GET /runs sorts by.
// `wide`: not shown on narrow screens unless chosen.
import { html } from "htm/preact";
import { Progress, RunName, State, Tags } from "../../components/run-marks.js";
import { Sparkline } from "../../components/sparkline.js";
import * as format from "../../logic/format.js";
import {
  bestAccuracy,
  isLive,
  judgedByValidation,
  layersText,
  sparkline,
} from "../../logic/runs.js";

/**
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label
 * @property {string} [sort]
 * @property {boolean} [number]
 * @property {boolean} [wide]
 * @property {boolean} [off]   only when chosen
 * @property {(run: Run) => unknown} cell
 */

/** @param {Run} run */
const lastAccuracy = (run) =>
  judgedByValidation(run)
    ? run.summary.last_val_accuracy
    : run.summary.last_test_accuracy;

/** @param {Run} run */
const epochText = (run) => {
  const done = run.summary.last_epoch;
  const all = run.config.epochs;
  if (!isLive(run) || !format.isNumber(done)) return format.count(all);
  return `${format.short(Math.floor(done * 10) / 10, 3)} / ${format.count(all)}`;
};

/** @param {Run} run */
const stateCell = (run) => html`<${State} run=${run} />
  ${isLive(run) && html`<${Progress} run=${run} small />`}`;

/** @type {Column[]} */
export const columns = [
  { key: "state", label: "State", sort: "state", cell: stateCell },
  {
    key: "name",
    label: "Name",
    sort: "name",
    cell: (run) => html`<${RunName} run=${run} />`,
  },
  {
    key: "sparkline",
    label: "Accuracy",
    wide: true,
    cell: (run) => html`<${Sparkline} id=${run.id} values=${sparkline(run)} />`,
  },
  {
    key: "best",
    label: "Best",
    sort: "best_test_accuracy",
    number: true,
    cell: (run) => format.percent(bestAccuracy(run)),
  },
  {
    key: "last",
    label: "Last",
    sort: "last_test_accuracy",
    number: true,
    wide: true,
    cell: (run) => format.percent(lastAccuracy(run)),
  },
  {
    key: "time_to_target",
    label: "To target",
    sort: "time_to_target",
    number: true,
    wide: true,
    cell: (run) => format.seconds(run.summary.time_to_target),
  },
  {
    key: "duration",
    label: "Training",
    sort: "train_seconds",
    number: true,
    wide: true,
    cell: (run) => format.seconds(run.summary.train_seconds),
  },
  {
    key: "dataset",
    label: "Dataset",
    sort: "dataset",
    wide: true,
    cell: (r) => r.config.dataset,
  },
  { key: "layers", label: "Layers", sort: "layers", wide: true, cell: layersText },
  {
    key: "optimizer",
    label: "Optimizer",
    sort: "optimizer",
    wide: true,
    cell: (run) => run.config.optimizer,
  },
  {
    key: "lr",
    label: "lr",
    sort: "lr",
    number: true,
    wide: true,
    cell: (run) => format.short(run.config.lr),
  },
  {
    key: "batch_size",
    label: "Batch",
    sort: "batch_size",
    number: true,
    wide: true,
    cell: (run) => format.count(run.config.batch_size),
  },
  {
    key: "epochs",
    label: "Epochs",
    sort: "epochs",
    number: true,
    wide: true,
    cell: epochText,
  },
  {
    key: "tags",
    label: "Tags",
    wide: true,
    cell: (run) => html`<${Tags} tags=${run.tags ?? []} />`,
  },
  {
    key: "seed",
    label: "Seed",
    sort: "seed",
    number: true,
    off: true,
    cell: (run) => format.exact(run.config.seed),
  },
  {
    key: "speed",
    label: "Samples/s",
    number: true,
    off: true,
    cell: (run) => format.rate(run.summary.samples_per_second),
  },
  {
    key: "created",
    label: "Launched",
    sort: "created_at",
    off: true,
    cell: (run) => format.dateTime(run.created_at),
  },
];

export const defaultKeys = columns
  .filter((column) => !column.off)
  .map((column) => column.key);

/** @param {string | undefined} text of the address @returns {Column[]} */
export function chosenColumns(text) {
  const keys = text ? text.split(",") : defaultKeys;
  return columns.filter((column) => keys.includes(column.key) || column.key === "name");
}
