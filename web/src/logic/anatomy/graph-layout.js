// Where the blocks of a graph stand and how the links run, left to right.
import { Graph, layout } from "@dagrejs/dagre";
import { HEIGHT } from "./blocks.js";

/** @typedef {import("./blocks.js").Block} Block */
/** @typedef {import("./blocks.js").Link} Link */
/** @typedef {{x: number, y: number}} Place */
/**
 * @typedef {object} GraphLayout
 * @property {number} width
 * @property {number} height
 * @property {Map<string, Place>} places  the left upper corner of each block
 * @property {{name: string, x: number, y: number, width: number, height: number}[]} frames
 *   around open neurons
 * @property {Map<string, string>} paths  of links, as SVG writes them
 */

const MARGIN = 8;
/** More would take the layout seconds, and nobody could read it. */
export const MOST_BLOCKS = 400;

/** @param {{blocks: Block[], links: Link[], open: string[]}} drawing */
function graphOf({ blocks, links, open }) {
  const graph = new Graph({ compound: true });
  graph.setGraph({
    rankdir: "LR",
    nodesep: 14,
    edgesep: 10,
    ranksep: 20,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const name of open) graph.setNode(`frame ${name}`, {});
  for (const { key, width, group } of blocks) {
    graph.setNode(key, { width, height: HEIGHT });
    if (group) graph.setParent(key, `frame ${group}`);
  }
  for (const { from, to } of links) graph.setEdge(from, to);
  return graph;
}

/** @param {number} x @param {number} y */
const pair = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** Smooth, and level where it meets a block. @param {Place[]} points */
function pathOf(points) {
  const curves = points.slice(1).map(({ x, y }, i) => {
    const from = points[i];
    const bend = (x - from.x) / 2;
    return `C${pair(from.x + bend, from.y)} ${pair(x - bend, y)} ${pair(x, y)}`;
  });
  return `M${pair(points[0].x, points[0].y)}${curves.join("")}`;
}

/** From the right side of one block over the layout's bends to the left side of another.
 * @param {any} from @param {any} to @param {Place[]} bends */
const linkPath = (from, to, bends) =>
  pathOf([
    { x: from.x + from.width / 2, y: from.y },
    ...bends.slice(1, -1),
    { x: to.x - to.width / 2, y: to.y },
  ]);

/**
 * Turns the drawing over where that brings more of what stands above each other into the
 * order of the forward walk: x1 above x2, neuron 1 above neuron 2.
 * @param {Block[]} blocks @param {Graph} graph
 */
function turnOver(blocks, graph) {
  const seats = blocks.map(({ key }) => /** @type {any} */ (graph.node(key)));
  let inOrder = 0;
  seats.forEach((a, i) => {
    for (const b of seats.slice(i + 1))
      if (Math.abs(a.x - b.x) < (a.width + b.width) / 2) inOrder += Math.sign(b.y - a.y);
  });
  if (inOrder >= 0) return;
  const height = Number(/** @type {any} */ (graph.graph()).height);
  const points = graph.edges().flatMap((edge) => /** @type {any} */ (graph.edge(edge)).points);
  const nodes = graph.nodes().map((key) => /** @type {any} */ (graph.node(key)));
  for (const place of new Set([...nodes, ...points])) place.y = height - place.y;
}

/**
 * @param {{blocks: Block[], links: Link[], open: string[]}} drawing
 * @returns {GraphLayout | null} null where there are too many blocks
 */
export function layoutOf(drawing) {
  if (drawing.blocks.length > MOST_BLOCKS) return null;
  const graph = graphOf(drawing);
  layout(graph);
  turnOver(drawing.blocks, graph);
  /** @param {string} key @returns {any} */
  const node = (key) => graph.node(key);
  const { width = 0, height = 0 } = /** @type {any} */ (graph.graph());
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    places: new Map(
      drawing.blocks.map(({ key, width: wide }) => [
        key,
        { x: node(key).x - wide / 2, y: node(key).y - HEIGHT / 2 },
      ]),
    ),
    frames: drawing.open.map((name) => {
      const frame = node(`frame ${name}`);
      const [x, y] = [frame.x - frame.width / 2, frame.y - frame.height / 2];
      return { name, x, y, width: frame.width, height: frame.height };
    }),
    paths: new Map(
      drawing.links.map(({ key, from, to }) => [
        key,
        linkPath(node(from), node(to), graph.edge(from, to)?.points ?? []),
      ]),
    ),
  };
}

/** Drawings of the same structure can share a layout.
 * @param {{blocks: Block[], links: Link[], open: string[]}} drawing */
export const structureOf = ({ blocks, links, open }) =>
  JSON.stringify([
    blocks.map(({ key, width, group }) => [key, width, group]),
    links.map(({ key }) => key),
    open,
  ]);
