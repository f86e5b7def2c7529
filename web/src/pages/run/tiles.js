// The numbers one looks for first.
import { html } from "htm/preact";
import * as format from "../../logic/format.js";
import { bestAccuracy, judgedByValidation } from "../../logic/runs.js";

/** @param {{label: string, value: string, name: string}} props */
function Tile({ label, value, name }) {
  return html`<div class="tile">
    <dt>${label}</dt>
    <dd data-tile=${name}>${value}</dd>
  </div>`;
}

/** @param {{run: Run}} props */
export function Tiles({ run }) {
  const { summary, config } = run;
  const set = judgedByValidation(run) ? "val" : "test";
  const bestStep = format.isNumber(summary.best_step)
    ? ` · step ${format.count(summary.best_step)}`
    : "";
  const target = format.isNumber(config.target_accuracy)
    ? `to ${format.percent(config.target_accuracy, 1)}`
    : "";
  return html`<dl class="tiles">
    <${Tile} name="best" label=${`Best ${set}${bestStep}`} value=${format.percent(bestAccuracy(run))} />
    <${Tile} name="last" label="Test accuracy" value=${format.percent(summary.last_test_accuracy)} />
    <${Tile} name="loss" label="Test loss" value=${format.fixed(summary.last_test_loss)} />
    <${Tile} name="train" label="Train loss" value=${format.fixed(summary.last_train_loss)} />
    <${Tile} name="seconds" label="Training time" value=${format.seconds(summary.train_seconds)} />
    ${
      target &&
      html`<${Tile} name="target" label=${`Time ${target}`} value=${format.seconds(summary.time_to_target)} />`
    }
    <${Tile} name="speed" label="Samples/s" value=${format.rate(summary.samples_per_second).replace("/s", "")} />
    <${Tile} name="lr" label="Learning rate" value=${format.short(summary.last_lr ?? config.lr)} />
  </dl>`;
}
