// The drawing of a graph: its blocks and links, neurons that stand for their values, and
// the layout.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CROWDED, drawingOf, HEIGHT } from "../../web/src/logic/anatomy/blocks.js";
import {
  layoutOf,
  MOST_BLOCKS,
  structureOf,
} from "../../web/src/logic/anatomy/graph-layout.js";
import { walkOf } from "../../web/src/logic/anatomy/walk.js";
import { crowd, neuron, traceOf, usedThrice } from "./traces.mjs";

const none = new Set();
const draw = (trace, open = none) => drawingOf(walkOf(trace), open);

test("each value is a block, an op stands before its box", () => {
  const { blocks, links } = draw(neuron());
  assert.deepEqual(
    blocks.map(({ label, op }) => [label, op]),
    [
      ["w1", ""],
      ["x1", ""],
      ["b", ""],
      ["", "×"],
      ["", "+"],
      ["out", "tanh"],
    ],
  );
  assert.deepEqual(
    links.map(({ from, to }) => `${from} > ${to}`),
    [
      "value 0 > value 3",
      "value 1 > value 3",
      "value 2 > value 4",
      "value 3 > value 4",
      "value 4 > value 5",
    ],
  );
});

test("an unnamed constant is named by its number, and ** by its power", () => {
  const { blocks } = draw(
    traceOf([
      { data: 2, role: "constant" },
      { op: "**", inputs: [0], data: 8, local: [12], constant: 3, role: "output" },
    ]),
  );
  assert.deepEqual(
    blocks.map(({ label, op }) => [label, op]),
    [
      ["2", ""],
      ["", "**3"],
    ],
  );
});

test("a value used twice by one op has one link", () => {
  const { links } = draw(usedThrice());
  assert.equal(links.length, 3);
  assert.deepEqual(links[0].pairs, [
    [0, 1],
    [0, 1],
  ]);
});

test("long names are cut", () => {
  const { blocks } = draw(traceOf([{ label: "n".repeat(60), data: 1, role: "variable" }]));
  assert.equal(blocks[0].label.length, 20);
  assert.ok(blocks[0].width < 320);
});

/** Do any two blocks lie on each other? */
function overlaps({ blocks }, { places }) {
  return blocks.some((a, i) =>
    blocks.slice(i + 1).some((b) => {
      const [p, q] = [places.get(a.key), places.get(b.key)];
      const apart = p.x + a.width <= q.x || q.x + b.width <= p.x;
      return !apart && Math.abs(p.y - q.y) < HEIGHT;
    }),
  );
}

test("the layout goes from left to right without overlaps, inside its size", () => {
  for (const trace of [neuron(), usedThrice(), crowd(30)]) {
    const drawing = draw(trace);
    const layout = layoutOf(drawing);
    assert.equal(overlaps(drawing, layout), false);
    const widths = new Map(drawing.blocks.map(({ key, width }) => [key, width]));
    for (const { from, to, key } of drawing.links) {
      const [a, b] = [layout.places.get(from), layout.places.get(to)];
      assert.ok(a.x + widths.get(from) <= b.x, key);
      assert.match(layout.paths.get(key), /^M[\d.]+ [\d.]+C/);
    }
    for (const { key, width } of drawing.blocks) {
      const { x, y } = layout.places.get(key);
      assert.ok(x >= 0 && y >= 0 && x + width <= layout.width && y + HEIGHT <= layout.height);
    }
  }
});

test("a crowded graph shows neurons, which open and close", () => {
  const trace = crowd(30);
  assert.ok(trace.nodes.length > CROWDED);
  const closed = draw(trace);
  assert.equal(closed.blocks.filter((block) => block.closed).length, 30);
  assert.equal(closed.blocks.length, 1 + 30 + 29);
  const third = closed.blocks.find((block) => block.closed === "layer 1 neuron 3");
  assert.equal(third.id, 6, "shows its output's numbers");
  assert.deepEqual(
    closed.links.filter(({ to }) => to === third.key).map(({ from }) => from),
    ["value 0"],
    "its weight stays inside",
  );

  const open = draw(trace, new Set(["layer 1 neuron 3", "layer 9 neuron 1"]));
  assert.equal(open.blocks.length, closed.blocks.length + 1);
  assert.deepEqual(open.open, ["layer 1 neuron 3"]);
  const layout = layoutOf(open);
  const [frame] = layout.frames;
  for (const { key, width, group } of open.blocks) {
    if (group !== "layer 1 neuron 3") continue;
    const { x, y } = layout.places.get(key);
    assert.ok(x >= frame.x && x + width <= frame.x + frame.width, key);
    assert.ok(y >= frame.y && y + HEIGHT <= frame.y + frame.height, key);
  }
});

test("what is computed first stands above what comes after it", () => {
  for (const trace of [neuron(), crowd(30)]) {
    const drawing = draw(trace);
    const { places } = layoutOf(drawing);
    const seats = drawing.blocks.map(({ key }) => places.get(key));
    let inOrder = 0;
    seats.forEach((a, i) => {
      for (const b of seats.slice(i + 1))
        if (Math.abs(a.x - b.x) < 100) inOrder += Math.sign(b.y - a.y);
    });
    assert.ok(inOrder >= 0, `${inOrder}`);
  }
});

test("few neurons show all their values", () => {
  const { blocks } = draw(crowd(10));
  assert.equal(blocks.filter((block) => block.closed || block.group).length, 0);
});

test("numbers change no structure, values do", () => {
  const other = neuron();
  for (const node of other.nodes) node.data += 17.123;
  assert.equal(structureOf(draw(neuron())), structureOf(draw(other)));
  assert.notEqual(structureOf(draw(neuron())), structureOf(draw(usedThrice())));
  const crowded = structureOf(draw(crowd(30)));
  assert.notEqual(crowded, structureOf(draw(crowd(30), new Set(["layer 1 neuron 3"]))));
});

test("no layout is tried where it would take too long", () => {
  const rows = Array.from({ length: MOST_BLOCKS + 1 }, (_, i) =>
    i === 0
      ? { label: "a", data: 1, role: "variable" }
      : { op: "neg", inputs: [i - 1], data: 1, local: [-1] },
  );
  assert.equal(layoutOf(draw(traceOf(rows))), null);
});
