// How the loss went: each step's, over its batch, and over all training points.
import { html } from "htm/preact";
import { LineChart } from "../../../charts/line-chart.js";
import { colourOf } from "../../../logic/colours.js";
import { fixed, plural } from "../../../logic/format.js";

/** What an opened run had come to. @param {import("./playground.js").Opened} opened */
function pastLine({ run, past }) {
  const { index, dash } = colourOf(run.id);
  return {
    key: "run",
    label: `run ${run.id}`,
    colour: index,
    dash,
    run: run.id,
    data: past,
  };
}

/** @param {{training: import("../../../data/training.js").Training,
 *   opened: import("./playground.js").Opened | null, hidden: Set<string>,
 *   onToggle: (key: string) => void}} props */
export function LossChart({ training, opened, hidden, onToggle }) {
  const { batches, all } = training.losses.drawn();
  const { loss, step } = training;
  const past = opened && pastLine(opened);
  const spec = {
    title: "Loss",
    label: `Loss by step: ${plural(step, "step")}, ${fixed(loss)} over all points now`,
    lines: [
      ...(past ? [past] : []),
      {
        key: "all",
        label: "all training points",
        colour: past?.colour === 1 ? 7 : 1,
        data: all,
      },
      {
        key: "batch",
        label: "each step's batch",
        colour: /** @type {const} */ ("muted"),
        data: batches,
        scattered: true,
        dots: 1.2,
      },
    ],
    xTitle: "step",
    format: fixed,
    yTitle: "loss",
    fromZero: true,
    whole: true,
    empty: "No steps yet: press Play",
  };
  return html`<${LineChart} spec=${spec} hidden=${hidden} onToggle=${onToggle} />`;
}
