// GET /runs/{id}/mistakes: held to what predict answers to the same samples.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LONG, MOONS, startLab, until } from "./client.mjs";

let lab, digits, moons, hinge, sampled;
before(async () => {
  lab = await startLab();
  const ids = [];
  for (const config of [
    { dataset: "mnist", hidden: [16], epochs: 1, train_samples: 3000, test_samples: 1500 },
    { ...MOONS, epochs: 1 },
    { ...MOONS, epochs: 1, loss: "hinge", test_samples: 300 },
    { dataset: "mnist", hidden: [2048, 2048], epochs: 1, train_samples: 10, test_samples: 3000 },
  ])
    ids.push((await lab.launch(config)).id);
  [digits, moons, hinge, sampled] = await Promise.all(ids.map((id) => lab.waitFor(id, "finished")));
});
after(() => lab.end());

const mistakes = async (run, query = "") => {
  const { status, body } = await lab.json("GET", `/runs/${run.id}/mistakes${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
};
const sum = (list) => list.reduce((a, b) => a + b, 0);

test("the counts fit each other and the run's best accuracy", async () => {
  const answer = await mistakes(digits);
  assert.equal(answer.which, "best");
  assert.deepEqual([answer.count, answer.of, answer.width, answer.height], [1500, 1500, 28, 28]);
  assert.equal(answer.accuracy, digits.summary.best_test_accuracy);
  assert.deepEqual(answer.classes, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  assert.equal(sum(answer.confusion.map(sum)), 1500);
  assert.equal(sum(answer.confusion.map((row, i) => row[i])) / 1500, answer.accuracy);
  assert.equal(answer.total, 1500 - Math.round(answer.accuracy * 1500));
  assert.equal(answer.worst.length, 24);
  for (const { label, support, precision, recall, f1 } of answer.per_class) {
    const right = answer.confusion[label][label];
    const said = sum(answer.confusion.map((row) => row[label]));
    assert.equal(support, sum(answer.confusion[label]));
    assert.ok(Math.abs(recall - right / support) < 1e-12);
    assert.ok(Math.abs(precision - right / said) < 1e-12);
    assert.ok(Math.abs(f1 - (2 * right) / (said + support)) < 1e-12);
  }
});

test("each listed sample is the dataset's, and has the outputs that predict gives", async () => {
  const { worst } = await mistakes(digits, "?limit=8");
  const losses = worst.map(({ loss }) => loss);
  assert.deepEqual(losses, [...losses].sort((a, b) => b - a));
  const inputs = worst.map(({ pixels }) => pixels.map((value) => value && Number((value / 255).toFixed(6))));
  const { body } = await lab.json("POST", `/runs/${digits.id}/predict`, { inputs });
  for (const [i, { index, label, predicted, outputs, pixels, loss }] of worst.entries()) {
    const { samples } = (await lab.json("GET", `/datasets/mnist/samples?split=test&limit=1&offset=${index}`)).body;
    assert.deepEqual(pixels, samples[0].values);
    assert.equal(label, samples[0].label);
    assert.equal(predicted, body.labels[i]);
    assert.notEqual(predicted, label);
    outputs.forEach((value, c) => assert.ok(Math.abs(value - body.outputs[i][c]) < 1e-4));
    assert.ok(Math.abs(loss + Math.log(outputs[label])) < 1e-4);
  }
});

test("a cell of the matrix, a row, and pages", async () => {
  const { confusion } = await mistakes(digits);
  const [actual, predicted] = [4, 9];
  const cell = await mistakes(digits, `?actual=${actual}&predicted=${predicted}&limit=500`);
  assert.equal(cell.total, confusion[actual][predicted]);
  assert.equal(cell.worst.length, cell.total);
  assert.ok(cell.worst.every((item) => item.label === actual && item.predicted === predicted));
  assert.deepEqual(cell.confusion, confusion);
  const right = await mistakes(digits, "?actual=1&predicted=1&limit=1");
  assert.equal(right.total, confusion[1][1]);
  assert.equal(right.worst[0].predicted, 1);
  const row = await mistakes(digits, "?actual=4");
  assert.equal(row.total, sum(confusion[4]) - confusion[4][4]);
  const all = await mistakes(digits, "?limit=10");
  const part = await mistakes(digits, "?limit=4&offset=6");
  const places = ({ worst }) => worst.map(({ index }) => index);
  assert.deepEqual(places(part), places(all).slice(6));
});

test("points in the plane, and outputs that are no probabilities", async () => {
  const plane = await mistakes(moons);
  assert.deepEqual([plane.width, plane.height], [0, 0]);
  assert.ok(plane.worst.every(({ values, pixels }) => values.length === 2 && pixels === undefined));
  assert.ok(plane.worst.every(({ outputs }) => Math.abs(sum(outputs) - 1) < 1e-9));
  const margin = await mistakes(hinge);
  assert.equal(margin.of, 300);
  assert.ok(margin.worst.length > 0);
  for (const { outputs, predicted, label, loss } of margin.worst) {
    assert.equal(outputs.length, 1);
    assert.equal(predicted, outputs[0] > 0 ? 1 : 0);
    assert.ok(Math.abs(loss - (1 + Math.abs(outputs[0]))) < 1e-6 && predicted !== label);
  }
});

test("a large model is judged on fewer samples, and the answer says so", async () => {
  const answer = await mistakes(sampled, "?limit=1");
  assert.equal(answer.of, 3000);
  assert.ok(answer.count >= 200 && answer.count < 3000, `${answer.count}`);
  assert.equal(sum(answer.confusion.map(sum)), answer.count);
});

test("a run on raw pixels is judged on them, and predicts from scaled ones", async () => {
  const config = { dataset: "mnist", inputs: "raw", hidden: [16], lr: 0.001, epochs: 1, train_samples: 3000, test_samples: 500 };
  const run = await lab.waitFor((await lab.launch(config)).id, "finished");
  const answer = await mistakes(run, "?limit=4");
  assert.equal(answer.accuracy, run.summary.best_test_accuracy);
  const inputs = answer.worst.map(({ pixels }) => pixels.map((value) => Number((value / 255).toFixed(5))));
  const { body } = await lab.json("POST", `/runs/${run.id}/predict`, { inputs });
  assert.deepEqual(body.labels, answer.worst.map(({ predicted }) => predicted));
});

test("what cannot be answered is said in words", async () => {
  for (const query of ["actual=10", "predicted=-1", "limit=501", "offset=x", "colour=red"]) {
    const { status, body } = await lab.json("GET", `/runs/${digits.id}/mistakes?${query}`);
    assert.equal(status, 400, query);
    assert.equal(body.errors[0].field, query.split("=")[0]);
  }
  assert.equal((await lab.json("GET", "/runs/99999/mistakes")).status, 404);
  const { id } = await lab.launch({ ...LONG, eval_every: 1000000000 });
  await until(async () => (await lab.run(id)).state === "running", "the run to start");
  for (const [method, path, body] of [["GET", "mistakes"], ["POST", "predict", { inputs: [[0, 0]] }]]) {
    const answer = await lab.json(method, `/runs/${id}/${path}`, body);
    assert.equal(answer.status, 404);
    assert.match(answer.body.detail, /^this run has no weights yet/);
  }
  await lab.json("POST", `/runs/${id}/stop`, {});
});
