// A graph with its walk: the player, the drawing, what the chosen value's gradient means,
// and all values as a table.
import { html } from "htm/preact";
import { placeIn, stateAt } from "../../logic/anatomy/walk.js";
import { gradientText, valueText } from "../../logic/anatomy/words.js";
import { TraceGraph } from "../graph/trace-graph.js";
import { TraceTable } from "../graph/trace-table.js";
import { Player } from "./player.js";

/** @typedef {import("../../logic/anatomy/walk.js").Walk} Walk */

/** @param {{walk: Walk, index: number, picked: number | null}} props */
function Picked({ walk, index, picked }) {
  if (picked === null || !walk.nodes.has(picked))
    return html`<p class="small muted" data-picked>
      Click a value, or press Enter on it, to read what its gradient means.
    </p>`;
  const state = stateAt(walk, index);
  const meaning = gradientText(walk, picked, index);
  return html`<p class="small" data-picked aria-live="polite">
    <strong>${valueText(walk, picked, state)}.</strong> ${meaning}
  </p>`;
}

/**
 * @param {{walk: Walk, step: number | null, picked: number | null, label: string,
 *   stale: boolean, open?: Set<string>, onToggle?: (name: string) => void,
 *   onStep: (step: number | null) => void, onPick: (id: number) => void}} props `stale`: of
 *   numbers that have changed since
 */
export function WalkView({ walk, step, picked, label, stale, onStep, onPick, ...groups }) {
  const index = placeIn(walk, step);
  return html`<section class="card stack walk-view" data-part="graph" data-stale=${stale}>
    <h2>The graph</h2>
    <${Player} walk=${walk} step=${step} onStep=${onStep} />
    <${TraceGraph}
      walk=${walk}
      index=${index}
      label=${label}
      picked=${picked}
      onPick=${onPick}
      ...${groups}
    />
    <${Picked} walk=${walk} index=${index} picked=${picked} />
    <${TraceTable} walk=${walk} index=${index} />
  </section>`;
}
