// The points behind a run's charts.
import { html } from "htm/preact";
import { count } from "../logic/format.js";
import { DataTable } from "./data-table.js";

const columns = [
  "step",
  "epoch",
  "samples",
  "train_seconds",
  "train_loss",
  "train_accuracy",
  "test_loss",
  "test_accuracy",
  "val_loss",
  "val_accuracy",
  "lr",
  "grad_norm",
];

/**
 * @param {{run: number, points: Point[], total: number}} props `total`: how many there
 *   are, where `points` is a thinned selection
 */
export function PointsTable({ run, points, total }) {
  const of = total > points.length ? ` of ${count(total)}` : "";
  return html`<${DataTable}
    summary=${`Points as a table (${points.length}${of})`}
    name="points"
    columns=${columns}
    rows=${points}
    note=${html`All of them: <a href="/runs/${run}/points.csv" download>points.csv</a>`}
  />`;
}
