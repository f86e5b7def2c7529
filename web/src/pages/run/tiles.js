// The numbers one looks for first.
import { html } from "htm/preact";
import * as format from "../../logic/format.js";
import { bestAccuracy, judgedByValidation } from "../../logic/runs.js";

/** @param {Run} run @returns {string[][]} name, label, value */
function tilesOf(run) {
  const { summary, config } = run;
  const set = judgedByValidation(run) ? "val" : "test";
  const { best_step: step, last_lr: rate } = summary;
  const bestLabel = format.isNumber(step)
    ? `Best ${set} · step ${format.count(step)}`
    : `Best ${set}`;
  const target = config.target_accuracy;
  const toTarget = `Time to ${format.percent(target, 1)}`;
  const speed = format.rate(summary.samples_per_second).replace("/s", "");
  return [
    ["best", bestLabel, format.percent(bestAccuracy(run))],
    ["last", "Test accuracy", format.percent(summary.last_test_accuracy)],
    ["loss", "Test loss", format.fixed(summary.last_test_loss)],
    ["train", "Train loss", format.fixed(summary.last_train_loss)],
    ["seconds", "Training time", format.seconds(summary.train_seconds)],
    ...(target ? [["target", toTarget, format.seconds(summary.time_to_target)]] : []),
    ["speed", "Samples/s", speed],
    ["lr", "Learning rate", format.short(rate ?? config.lr)],
  ];
}

/** @param {{run: Run}} props */
export function Tiles({ run }) {
  return html`<dl class="tiles">
    ${tilesOf(run).map(
      ([name, label, value]) => html`<div class="tile" key=${name}>
        <dt>${label}</dt>
        <dd data-tile=${name}>${value}</dd>
      </div>`,
    )}
  </dl>`;
}
