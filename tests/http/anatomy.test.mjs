// POST /anatomy and POST /anatomy/train over the real server: every kind, what comes back,
// and every field that can be wrong.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startLab } from "./client.mjs";

/** @type {Awaited<ReturnType<typeof startLab>>} */
let lab;
before(async () => {
  lab = await startLab();
});
after(() => lab?.end());

const ask = async (body) => lab.json("POST", "/anatomy", body);
const trace = async (body) => {
  const { status, body: answer } = await ask(body);
  assert.equal(status, 200, JSON.stringify(answer));
  return answer;
};
const close = (a, b, tolerance = 1e-5) => assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

/** Walks the trace as a reader would: forward by the ops, backward by the contributions. */
function expectWhole({ nodes, forward, backward, output }) {
  const place = new Map(forward.map((id, i) => [id, i]));
  assert.deepEqual([...forward].sort((a, b) => a - b), nodes.map((_, i) => i));
  const got = new Map([[output, 1]]);
  for (const id of backward) {
    const { grad, inputs, local } = nodes[id];
    close(got.get(id) ?? 0, grad);
    assert.equal(inputs.length, local.length);
    inputs.forEach((input, k) => {
      assert.ok(place.get(input) < place.get(id), "inputs come first");
      got.set(input, (got.get(input) ?? 0) + local[k] * grad);
    });
  }
  for (const { id, grad } of nodes) if (!backward.includes(id)) assert.equal(grad, 0);
}

test("a formula is taken apart, line by line", async () => {
  const answer = await trace({ kind: "expression", text: "d = a*b + c.tanh()\nL = d**2", values: { a: 2, b: -3 } });
  expectWhole(answer);
  const of = (label) => answer.nodes.find((node) => node.label === label);
  const d = -6 + Math.tanh(1);
  close(of("L").data, d * d);
  close(of("a").grad, 2 * d * -3);
  close(of("c").grad, 2 * d * (1 - Math.tanh(1) ** 2));
  assert.deepEqual(of("L").constant, 2);
  assert.deepEqual(answer.nodes.filter(({ role }) => role === "variable").map(({ label }) => label), ["a", "b", "c"]);
});

test("a value used twice gets both shares", async () => {
  const answer = await trace({ kind: "expression", text: "b = a + a; b * a", values: { a: 3 } });
  expectWhole(answer);
  close(answer.nodes.find(({ label }) => label === "a").grad, 12);
});

test("what is not finite is null", async () => {
  const { nodes } = await trace({ kind: "expression", text: "log(0*x) + 1/(x-x)" });
  assert.equal(nodes.at(-1).data, null);
});

test("a neuron, alone and with a target", async () => {
  const neuron = { kind: "neuron", inputs: [2, 0], weights: [-3, 1], bias: 6.8813735870195432, activation: "tanh" };
  const plain = await trace(neuron);
  expectWhole(plain);
  close(plain.nodes.find(({ label }) => label === "w1").grad, 1);
  const aimed = await trace({ ...neuron, target: 1 });
  expectWhole(aimed);
  assert.equal(aimed.nodes[aimed.output].role, "loss");
  assert.ok(aimed.nodes.filter(({ group }) => group).every(({ group }) => group === "layer 1 neuron 1"));
});

test("a layer: the weighted sums are the rows of Wx + b", async () => {
  const [weights, biases, inputs] = [[[0.5, -1, 2], [1, 1, 0]], [0.1, -0.2], [1, 2, -0.5]];
  const { nodes } = await trace({ kind: "layer", inputs, weights, biases, activation: "linear" });
  weights.forEach((row, o) =>
    close(nodes.find(({ label }) => label === `out${o + 1}`).data, row.reduce((sum, w, i) => sum + w * inputs[i], biases[o])));
});

test("an mlp has the gradients of finite differences, under each loss", async () => {
  const layers = [
    { weights: [[0.5, -1], [1, 0.3], [-0.7, 0.2]], biases: [0.1, 0, -0.3] },
    { weights: [[0.5, -1, 0.4], [1, 1, -0.6]], biases: [0.1, 0] },
  ];
  for (const loss of ["cross_entropy", "mse", "hinge", null]) {
    const question = { kind: "mlp", inputs: [1, -2], layers, activation: "tanh", ...(loss ? { loss, label: 1 } : {}) };
    const answer = await trace(question);
    expectWhole(answer);
    const lossAt = async (shift) => {
      const moved = structuredClone(layers);
      moved[0].weights[1][0] += shift;
      const { nodes, output } = await trace({ ...question, layers: moved });
      return nodes[output].data;
    };
    const slope = ((await lossAt(0.01)) - (await lossAt(-0.01))) / 0.02;
    const weight = answer.nodes.find(({ label, group }) => label === "w2.1" && group === "layer 1 neuron 2");
    close(weight.grad, slope, 2e-3);
  }
});

test("bad questions name the field and what is allowed", async () => {
  const neuron = { kind: "neuron", inputs: [1, 2], weights: [1, 2], bias: 0 };
  const layer = { kind: "layer", inputs: [1], weights: [[1], [2]], biases: [0, 0] };
  const mlp = { kind: "mlp", inputs: [1], layers: [{ weights: [[1]], biases: [0] }] };
  const wide = { weights: Array.from({ length: 100 }, () => Array(6).fill(1)), biases: Array(100).fill(0) };
  const cases = [
    [{}, "kind", /expression, neuron, layer or mlp/],
    [{ kind: 3 }, "kind", /must be/],
    [{ kind: "expression" }, "text", /must be a text/],
    [{ kind: "expression", text: "a", values: [1] }, "values", /object of numbers/],
    [{ kind: "expression", text: "a", values: { a: "1" } }, "values", /a must be a number/],
    [{ ...neuron, weights: [1] }, "weights", /list of 2 numbers/],
    [{ ...neuron, inputs: [] }, "inputs", /list of 1 to 2000/],
    [{ ...neuron, inputs: [1, "2"] }, "inputs", /list of 1 to 2000/],
    [{ ...neuron, bias: 1e300 }, "bias", /at most 3.4e38/],
    [{ ...neuron, activation: "step" }, "activation", /must be one of/],
    [{ ...neuron, colour: 1 }, "colour", /not a field/],
    [{ ...layer, of: 2 }, "of", /from 0 to 1/],
    [{ ...layer, weights: [[1], [2, 3]] }, "weights", /list of 1 numbers/],
    [{ ...layer, biases: [0] }, "biases", /list of 2 numbers/],
    [{ ...layer, weights: 7 }, "weights", /needs weights/],
    [{ ...mlp, layers: [] }, "layers", /1 to 9 layers/],
    [{ ...mlp, layers: [{ weights: [[1]], biases: [0], x: 1 }] }, "layers[0]", /weights/],
    [{ ...mlp, loss: "cross_entropy", label: 0 }, "loss", /two outputs/],
    [{ ...mlp, loss: "mse", label: 2 }, "label", /from 0 to 1/],
    [{ ...mlp, label: 0 }, "label", /for a loss/],
    [{ kind: "mlp", inputs: Array(6).fill(1), layers: [wide] }, "inputs", /more than 2000 values/],
  ];
  for (const [body, field, message] of cases) {
    const { status, body: problem } = await ask(body);
    assert.equal(status, 400, JSON.stringify(body));
    const error = problem.errors.find((entry) => entry.field === field);
    assert.match(error?.message ?? JSON.stringify(problem), message);
  }
});

test("a bad formula is pointed at", async () => {
  const { status, body } = await ask({ kind: "expression", text: "a = 1\nb = sin(a)" });
  assert.equal(status, 400);
  assert.equal(body.errors[0].position, 10);
  assert.match(body.errors[0].message, /no function sin.*\(at character 11\)/);
});

const lesson = { dataset: "moons", hidden: [6, 4], activation: "tanh", lr: 0.2, batch_size: 20, seed: 3 };
const train = async (body) => lab.json("POST", "/anatomy/train", { ...lesson, ...body });

test("steps parted over questions are those of one question", async () => {
  const { body: whole } = await train({ steps: 120, grid: 16, units: true });
  let part = (await train({ steps: 0 })).body;
  assert.equal(part.step, 0);
  assert.equal(part.surface, null);
  for (let i = 0; i < 4; i++) part = (await train({ steps: 30, step: part.step, layers: part.layers })).body;
  assert.deepEqual(part.layers, whole.layers, "bit for bit");
  assert.equal(whole.step, 120);
  assert.equal(whole.losses.length, 120);
  assert.equal(whole.surface.output.length, 256);
  assert.deepEqual(whole.surface.units.map((layer) => layer.map(({ length }) => length)), [Array(6).fill(256), Array(4).fill(256)]);
});

test("a lesson is a run: the same loss, batch by batch", async () => {
  const run = await lab.launch({ ...lesson, engine: "scalar", epochs: 2, eval_every: 1, diagnostics: false });
  await lab.waitFor(run.id, "finished");
  const points = await lab.points(run.id);
  const { body } = await train({ steps: points.length });
  points.forEach((point, i) => close(point.train_loss, body.losses[i], 1e-6));
});

test("bad lessons name the field", async () => {
  const { layers } = (await train({ steps: 0 })).body;
  const cases = [
    [{ dataset: "mnist" }, "dataset", /points in the plane/],
    [{ dataset: "nope" }, "dataset", /must be one of/],
    [{ hidden: [60, 60] }, "hidden", /at most 2000/],
    [{ lr: 0 }, "lr", /above 0/],
    [{ batch_size: 5000 }, "batch_size", /at most 1000/],
    [{ steps: 5001 }, "steps", /from 0 to 5000/],
    [{ grid: 65 }, "grid", /from 0 to 64/],
    [{ grid: 1 }, "grid", /2 to 64/],
    [{ units: 1 }, "units", /true or false/],
    [{ epochs: 3 }, "epochs", /not a field/],
    [{ hidden: [6], layers }, "layers", /must be the hidden ones/],
    [{ layers: [{ weights: [[1, 2, 3]], biases: [1] }] }, "layers[0]", /list of 2 numbers/],
  ];
  for (const [body, field, message] of cases) {
    const { status, body: problem } = await train(body);
    assert.equal(status, 400, JSON.stringify(body));
    assert.match(problem.errors.find((entry) => entry.field === field)?.message ?? JSON.stringify(problem), message);
  }
});
