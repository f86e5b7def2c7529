// What the drawing of a graph consists of: a block for each value (its op's circle and its
// box), or, where there are many, one for all values of a neuron.
import { nameOf, opSign } from "./words.js";

/**
 * @typedef {object} Block
 * @property {string} key
 * @property {number} id      of the value whose numbers it shows
 * @property {string} label   "" where there is none
 * @property {string} op      as it is drawn, "" for a leaf
 * @property {number} opWidth
 * @property {number} labelWidth
 * @property {number} width
 * @property {string | null} group  the neuron whose frame it stands in
 * @property {string | null} closed  the neuron that it stands for
 *
 * @typedef {{key: string, from: string, to: string, pairs: [number, number][]}} Link pairs:
 *   the values that it joins
 */

export const CROWDED = 80;
export const HEIGHT = 38;
export const NUMBER_WIDTH = 58;
/** From the op's circle to its box. */
export const STEM = 8;
const LETTER = 7.2;
const LONGEST_LABEL = 20;

/** @param {string} text */
export const cut = (text) =>
  text.length > LONGEST_LABEL ? `${text.slice(0, LONGEST_LABEL - 1)}…` : text;

/** @param {string} text */
const widthOf = (text) => Math.round(cut(text).length * LETTER);

/** @param {{key: string, id: number, label: string, op: string, group?: string | null,
 *   closed?: string | null}} parts @returns {Block} */
function block({ label, op, group = null, closed = null, ...rest }) {
  const opWidth = op ? Math.max(28, widthOf(op) + 18) : 0;
  const labelWidth = label ? Math.max(30, widthOf(label) + 14) : 0;
  const width = labelWidth + 2 * NUMBER_WIDTH + (op ? opWidth + STEM : 0);
  return { ...rest, label: cut(label), op, opWidth, labelWidth, width, group, closed };
}

/** The neurons of a graph that is too crowded to show all values: their values and the one
 * that the rest of the graph uses. @param {Trace} trace */
export function groupsOf({ nodes, forward, output }) {
  /** @type {Map<string, {ids: Set<number>, output: number}>} */
  const groups = new Map();
  if (nodes.length <= CROWDED) return groups;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const id of forward) {
    const name = byId.get(id)?.group;
    if (!name) continue;
    const found = groups.get(name) ?? { ids: new Set(), output: id };
    found.ids.add(id);
    if (byId.get(id)?.inputs.length || id === output) found.output = id;
    groups.set(name, found);
  }
  return groups;
}

/**
 * @param {import("./walk.js").Walk} walk @param {Set<string>} open groups that show all
 *   their values
 * @returns {{blocks: Block[], links: Link[], open: string[]}} blocks in the order of the
 *   forward walk
 */
export function drawingOf({ trace, nodes }, open) {
  const groups = groupsOf(trace);
  const closed = (/** @type {string | null | undefined} */ name) =>
    name && groups.has(name) && !open.has(name) ? name : null;
  /** @param {number} id */
  const keyOf = (id) => {
    const name = closed(nodes.get(id)?.group);
    return name ? `group ${name}` : `value ${id}`;
  };
  const order = trace.forward.flatMap((id) => nodes.get(id) ?? []);
  const blocks = order.flatMap((node) => {
    const name = closed(node.group);
    if (!name) return valueBlock(nodes, node, groups, keyOf(node.id));
    if (groups.get(name)?.output !== node.id) return [];
    return block({ key: keyOf(node.id), id: node.id, label: name, op: "", closed: name });
  });
  const used = [...groups.keys()].filter((name) => open.has(name));
  return { blocks, links: linksOf(order, keyOf), open: used };
}

/** @param {Map<number, TraceNode>} nodes @param {TraceNode} node
 * @param {Map<string, unknown>} groups @param {string} key */
function valueBlock(nodes, node, groups, key) {
  const op = node.op ? opSign(node) : "";
  const label = node.label || (node.op ? "" : nameOf(nodes, node.id));
  const group = node.group && groups.has(node.group) ? node.group : null;
  return block({ key, id: node.id, label, op, group });
}

/** @param {TraceNode[]} order @param {(id: number) => string} keyOf */
function linksOf(order, keyOf) {
  /** @type {Map<string, Link>} */
  const links = new Map();
  for (const { id, inputs } of order)
    for (const input of inputs) {
      const [from, to] = [keyOf(input), keyOf(id)];
      if (from === to) continue;
      const key = `${from} > ${to}`;
      const link = links.get(key) ?? { key, from, to, pairs: [] };
      link.pairs.push([input, id]);
      links.set(key, link);
    }
  return [...links.values()];
}
