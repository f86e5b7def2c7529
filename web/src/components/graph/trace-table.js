// A graph's values as a table: its text alternative.
import { html } from "htm/preact";
import { DataTable } from "../../charts/data-table.js";
import { opSign, nameOf } from "../../logic/anatomy/words.js";
import { stateAt } from "../../logic/anatomy/walk.js";
import { isNumber } from "../../logic/format.js";

const columns = ["value", "made_by", "inputs", "data", "gradient"];

/** @param {{walk: import("../../logic/anatomy/walk.js").Walk, index: number}} props */
export function TraceTable({ walk, index }) {
  const { nodes, trace } = walk;
  const { known, gradients } = stateAt(walk, index);
  const rows = trace.forward.map((id) => {
    const node = /** @type {TraceNode} */ (nodes.get(id));
    const gradient = gradients.get(id) ?? 0;
    return {
      value: nameOf(nodes, id),
      made_by: node.op ? opSign(node) : node.role,
      inputs: node.inputs.map((input) => nameOf(nodes, input)).join(", "),
      data: known.has(id) ? (node.data ?? "not a number") : "not computed yet",
      gradient: isNumber(gradient) ? gradient : "not a number",
    };
  });
  return html`<${DataTable}
    summary=${`The graph as a table (${rows.length})`}
    className="data"
    name="values"
    columns=${columns}
    rows=${rows}
    note="As they stand at this step."
  />`;
}
