// Time against accuracy: what more time buys.
import { html } from "htm/preact";
import { useMemo, useState } from "preact/hooks";
import { DataTable } from "../../../charts/data-table.js";
import { LineChart } from "../../../charts/line-chart.js";
import * as format from "../../../logic/format.js";
import {
  budgetText,
  clockText,
  metricText,
  objectives,
  targetText,
} from "../../../logic/objectives.js";
import { endsOf, frontOf, staircasesOf } from "../../../logic/trade-off.js";
import { toggled } from "./toggled.js";

/** @typedef {import("../../../logic/sweep-view.js").View} View */
/** @typedef {import("../../../charts/spec.js").Spec} Spec */

const FRONT = 0;
const RUNS = 1;

/** @param {View} view @returns {Spec["lines"]} */
function linesOf(view) {
  const { ends, all } = endsOf(view);
  const runs = { key: "runs", colour: RUNS };
  return [
    {
      key: "front",
      label: "Front: nothing is sooner and as accurate",
      colour: FRONT,
      stepped: true,
      dots: 3,
      data: frontOf(view),
    },
    {
      ...runs,
      label: all ? "Runs at their best" : `Runs at their best (${ends.length} best)`,
      scattered: true,
      dots: 3,
      data: ends,
    },
    ...staircasesOf(view).map((data) => ({
      ...runs,
      label: "Runs on their way",
      faint: true,
      stepped: true,
      data,
    })),
  ];
}

/** @param {View} view @returns {Spec} */
function tradeOffSpec(view) {
  const { goal, analysis } = view;
  const used = objectives[goal.objective];
  const lines = linesOf(view);
  const [first, last] = [lines[0].data[0], lines[0].data.at(-1)];
  const what = metricText(analysis.metric);
  return {
    title: "Time against accuracy",
    label: last
      ? `Best ${what} by ${clockText(analysis.clock)}: from ${format.percent(first.y)} after ${format.seconds(first.x)} to ${format.percent(last.y)} after ${format.seconds(last.x)}`
      : "Time against accuracy: no points yet",
    lines,
    xTitle: clockText(analysis.clock),
    yTitle: what,
    place: format.seconds,
    format: (value) => format.percent(value),
    accuracy: true,
    xLog: true,
    named: true,
    target: used.target
      ? { y: goal.target, label: `target ${targetText(goal.target)}` }
      : undefined,
    limit:
      used.budget && goal.budget !== null
        ? { x: goal.budget, label: `limit ${budgetText(goal.budget)}` }
        : undefined,
  };
}

/** @param {{view: View}} props */
export function TradeOffFigure({ view }) {
  const [hidden, setHidden] = useState(/** @type {Set<string>} */ (new Set()));
  const spec = useMemo(() => tradeOffSpec(view), [view]);
  const rows = spec.lines[0].data.map(({ x, y, name }) => ({
    seconds: x,
    accuracy: y,
    setting: name,
  }));
  return html`<${LineChart}
    spec=${spec}
    hidden=${hidden}
    onToggle=${(/** @type {string} */ key) => setHidden(toggled(hidden, key))}
  >
    <${DataTable}
      summary=${`The front as a table (${rows.length})`}
      className="small"
      name="points of the front"
      columns=${["seconds", "accuracy", "setting"]}
      rows=${rows}
    />
  <//>`;
}
