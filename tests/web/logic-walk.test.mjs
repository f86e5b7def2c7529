// The walk through a graph: its steps, what is known at each, its words, and learning.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accumulates,
  lastOf,
  litBy,
  placeIn,
  stateAt,
  walkOf,
} from "../../web/src/logic/anatomy/walk.js";
import {
  canLearn,
  gradientStep,
  keptMap,
  readWalk,
  round,
  writeWalk,
  zeroed,
} from "../../web/src/logic/anatomy/walk-state.js";
import { gradientText, stepText, valueText } from "../../web/src/logic/anatomy/words.js";
import { neuron, traceOf, usedThrice } from "./traces.mjs";

const gradientsOf = (walk, index = lastOf(walk)) =>
  Object.fromEntries(stateAt(walk, index).gradients);
const start = readWalk({});

test("values appear one by one, forward", () => {
  const walk = walkOf(neuron());
  const known = (index) => [...stateAt(walk, index).known];
  assert.deepEqual(known(0), [0, 1, 2], "only leaves");
  assert.deepEqual(known(1), [0, 1, 2, 3]);
  assert.deepEqual(known(walk.forwardEnd), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(gradientsOf(walk, walk.forwardEnd), {});
  assert.equal(walk.steps[walk.forwardEnd + 1].kind, "seed");
});

test("backward starts from 1 and hands on local times upstream", () => {
  const walk = walkOf(neuron());
  assert.deepEqual(gradientsOf(walk, walk.forwardEnd + 1), { 5: 1 });
  const pass = walk.steps[walk.forwardEnd + 2];
  assert.deepEqual(
    [pass.node, pass.input, pass.local, pass.upstream, pass.share],
    [5, 4, 0.7864477, 1, 0.7864477],
  );
  const tanh = 0.7864477;
  assert.deepEqual(gradientsOf(walk), {
    0: 2 * tanh,
    1: 0.5 * tanh,
    2: tanh,
    3: tanh,
    4: tanh,
    5: 1,
  });
  assert.equal(walk.steps.at(-1).kind, "end");
});

test("a value that is used more than once collects its shares", () => {
  const walk = walkOf(usedThrice());
  const passes = walk.steps.filter(({ kind }) => kind === "pass");
  assert.deepEqual(
    passes.filter(({ input }) => input === 0).map(({ before, after }) => [before, after]),
    [
      [0, 1],
      [1, 4],
      [4, 7],
    ],
  );
  assert.deepEqual(passes.map(accumulates), [false, false, true, true]);
  assert.equal(gradientsOf(walk)[0], 7, "2a + 1");
});

test("what is no number stays none, and stops no walk", () => {
  const trace = traceOf([
    { label: "a", data: -1, role: "variable" },
    { label: "y", op: "log", inputs: [0], data: null, local: [null], role: "output" },
  ]);
  const walk = walkOf(trace);
  assert.match(stepText(walk, 1), /^Forward: y = log\(-1\) = not a number\./);
  assert.ok(Number.isNaN(gradientsOf(walk)[0]));
  assert.equal(canLearn(walk, null), false);
});

test("values that the end does not use have no gradient", () => {
  const trace = usedThrice();
  trace.nodes.push({ ...trace.nodes[0], id: 3, label: "unused" });
  trace.forward.push(3);
  const walk = walkOf(trace);
  assert.equal(valueText(walk, 3, stateAt(walk, lastOf(walk))), "unused, data 3, gradient 0");
});

test("places outside the walk are its ends", () => {
  const walk = walkOf(neuron());
  assert.equal(placeIn(walk, null), lastOf(walk));
  assert.equal(placeIn(walk, 999), lastOf(walk));
  assert.equal(placeIn(walk, -1), 0);
});

test("a step lights up its values and edges", () => {
  const walk = walkOf(neuron());
  assert.deepEqual(litBy(walk.steps[1], walk.nodes), {
    values: [3],
    edges: [
      [0, 3],
      [1, 3],
    ],
  });
  assert.deepEqual(litBy(walk.steps[walk.forwardEnd + 2], walk.nodes), {
    values: [5, 4],
    edges: [[4, 5]],
  });
});

test("each step is told in a sentence", () => {
  const walk = walkOf(usedThrice());
  const texts = walk.steps.map((_, i) => stepText(walk, i));
  assert.match(texts[0], /^Only the numbers that no operation makes are given/);
  assert.equal(texts[1], "Forward: a × a = 3 × 3 = 9.");
  assert.match(texts[2], /^Forward: y = 9 \+ 3 = 12\. The forward pass is complete/);
  assert.match(texts[3], /y changes exactly as much as itself, so its gradient is 1\.$/);
  assert.match(texts[6], /^Backward through ×, from a × a to a: local derivative × upstream = 3 × 1 = 3\. .*: 1 \+ 3 = 4\.$/);
  assert.match(texts[8], /how much y changes/);
});

test("a gradient's meaning is told with its numbers, once all shares are in", () => {
  const walk = walkOf(usedThrice());
  const last = lastOf(walk);
  assert.equal(gradientText(walk, 0, last), "If a grew by 0.01, y rises by about 0.07.");
  for (const index of [0, walk.forwardEnd, walk.forwardEnd + 1, last - 2])
    assert.match(gradientText(walk, 0, index), /has yet to give it/, `step ${index}`);
  assert.match(gradientText(walk, 0, last - 1), /about 0\.07/, "the last share is in");
  assert.match(gradientText(walk, 2, 0), /^y is what the gradients ask about/);
  const falling = walkOf(neuron());
  falling.steps.at(-2).after = -2;
  assert.match(gradientText(falling, 1, lastOf(falling)), /out falls by about 0\.02/);
});

test("gradients that were added to old ones are not explained as slopes", () => {
  const walk = walkOf(neuron(), keptMap(neuron(), [1, 0]));
  const last = lastOf(walk);
  assert.match(stepText(walk, last), /added to old ones/);
  assert.match(gradientText(walk, 0, last), /left from the pass before/);
  assert.match(gradientText(walk, 3, last), /out rises/, "inner values start anew");
});

test("a gradient step moves parameters against their gradients, which stay until zeroed", () => {
  const walk = walkOf(neuron());
  const { numbers, state } = gradientStep(walk, { ...start, lr: 1 });
  assert.deepEqual(numbers, [-1.072895, -1.286448]);
  assert.deepEqual(state.kept, [1.572895, 0.7864477]);
  assert.deepEqual([state.past, state.taken], [[0.4621171], 1]);
  assert.equal(state.step, walk.forwardEnd);

  const again = walkOf(neuron(), keptMap(neuron(), state.kept));
  assert.match(stepText(again, again.forwardEnd), /old gradients still stand/);
  assert.equal(gradientsOf(again, 0)[0], 1.572895, "still there");
  assert.ok(Math.abs(gradientsOf(again)[0] - 2 * 1.572895) < 1e-5, "added to");
  assert.ok(Math.abs(gradientsOf(again)[4] - 0.7864477) < 1e-6, "inner values start anew");

  const clean = zeroed(again, { ...state, step: null });
  assert.deepEqual([clean.kept, clean.step], [null, again.forwardEnd]);
});

test("a round ends with all gradients known and nothing kept", () => {
  const walk = walkOf(neuron());
  const { numbers, state } = round(walk, { ...start, step: 3 });
  assert.deepEqual(numbers, [0.3427105, -0.5786448]);
  assert.deepEqual([state.kept, state.step, state.taken], [null, null, 1]);
});

test("gradient steps wait for the gradients, and stay numbers", () => {
  const walk = walkOf(neuron());
  assert.equal(canLearn(walk, walk.forwardEnd), false);
  assert.equal(canLearn(walk, null), true);
  const { numbers } = gradientStep(walk, { ...start, lr: Infinity });
  assert.deepEqual(numbers, [-1e9, -1e9]);
});

test("where a person stands comes back from the address", () => {
  const state = {
    step: 4,
    picked: 2,
    lr: 0.5,
    kept: [0.25, -1],
    past: [0.5, 0.25],
    taken: 2,
  };
  const query = Object.fromEntries(
    Object.entries(writeWalk(state)).map(([name, value]) => [name, String(value)]),
  );
  assert.deepEqual(readWalk(query), state);
  assert.deepEqual(readWalk({ step: "x", lr: "-1", kept: "1,,2", past: "NaN" }), start);
});
