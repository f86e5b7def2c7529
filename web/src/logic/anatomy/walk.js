// The walk through a graph of values: forward, value by value, then backward along every
// edge. A place in the walk is a step's index; what stands at each value there follows.

/**
 * @typedef {object} Pass  one edge of the backward walk
 * @property {"pass"} kind
 * @property {number} node    its gradient is handed on ...
 * @property {number} input   ... to this one
 * @property {number} local   d node / d input at these numbers
 * @property {number} upstream  the node's own gradient
 * @property {number} share   local times upstream
 * @property {number} before  the input's gradient so far
 * @property {number} after
 *
 * @typedef {{kind: "given"} | {kind: "forward", node: number} | {kind: "seed", node: number}
 *   | Pass | {kind: "end"}} Step
 *
 * @typedef {object} Walk
 * @property {Trace} trace
 * @property {Map<number, TraceNode>} nodes  by id
 * @property {Map<number, number>} kept      gradients left from an earlier walk
 * @property {Step[]} steps
 * @property {number} forwardEnd  the step at which all data is known, and no gradient
 */

/** What is no number, the server sends as null. @param {number | null} value */
const numberOf = (value) => value ?? NaN;

/**
 * @param {Map<number, TraceNode>} nodes @param {Trace} trace
 * @param {Map<number, number>} kept @returns {Pass[]}
 */
function passesOf(nodes, trace, kept) {
  const gradients = new Map(kept).set(trace.output, 1);
  return trace.backward.flatMap((id) => {
    const node = nodes.get(id);
    const upstream = gradients.get(id) ?? 0;
    return (node?.inputs ?? []).map((input, k) => {
      const local = numberOf(node?.local[k] ?? null);
      const share = local * upstream;
      const before = gradients.get(input) ?? 0;
      const after = before + share;
      gradients.set(input, after);
      return { kind: "pass", node: id, input, local, upstream, share, before, after };
    });
  });
}

/** @param {Trace} trace @param {Map<number, number>} [kept] @returns {Walk} */
export function walkOf(trace, kept = new Map()) {
  const nodes = new Map(trace.nodes.map((node) => [node.id, node]));
  const made = trace.forward.filter((id) => nodes.get(id)?.inputs.length);
  /** @type {Step[]} */
  const steps = [
    { kind: "given" },
    ...made.map((node) => ({ kind: /** @type {const} */ ("forward"), node })),
    { kind: "seed", node: trace.output },
    ...passesOf(nodes, trace, kept),
    { kind: "end" },
  ];
  return { trace, nodes, kept, steps, forwardEnd: made.length };
}

/** @param {Walk} walk */
export const lastOf = ({ steps }) => steps.length - 1;

/** A place that the walk has; null stands for its end.
 * @param {Walk} walk @param {number | null} index */
export const placeIn = (walk, index) =>
  Math.min(lastOf(walk), Math.max(0, index ?? Infinity));

/**
 * What is known at a step.
 * @param {Walk} walk @param {number} index
 * @returns {{known: Set<number>, gradients: Map<number, number>}} `known`: values whose data
 *   is computed
 */
export function stateAt({ trace, nodes, kept, steps }, index) {
  const known = new Set(trace.forward.filter((id) => !nodes.get(id)?.inputs.length));
  const gradients = new Map(kept);
  for (const step of steps.slice(0, index + 1)) {
    if (step.kind === "forward") known.add(step.node);
    if (step.kind === "seed") gradients.set(step.node, 1);
    if (step.kind === "pass") gradients.set(step.input, step.after);
  }
  return { known, gradients };
}

/** What a step is about: values to light up, and the edge it goes along.
 * @param {Step} step @param {Map<number, TraceNode>} nodes
 * @returns {{values: number[], edges: [number, number][]}} edges from and to */
export function litBy(step, nodes) {
  if (step.kind === "pass")
    return { values: [step.node, step.input], edges: [[step.input, step.node]] };
  if (step.kind === "seed") return { values: [step.node], edges: [] };
  if (step.kind !== "forward") return { values: [], edges: [] };
  const inputs = nodes.get(step.node)?.inputs ?? [];
  return { values: [step.node], edges: inputs.map((input) => [input, step.node]) };
}

/** The value that a step changes. @param {Step} step */
export const changedBy = (step) =>
  step.kind === "pass" ? step.input : "node" in step ? step.node : null;

/** Does a share join what was there? @param {Pass} pass */
export const accumulates = ({ before }) => before !== 0;

/** Has a value's gradient all its shares at a step, old ones left aside?
 * @param {Walk} walk @param {number} id @param {number} index */
export function isSettled({ steps, trace, forwardEnd }, id, index) {
  if (index <= forwardEnd) return false;
  if (id === trace.output) return true;
  return !steps.slice(index + 1).some((step) => step.kind === "pass" && step.input === id);
}
