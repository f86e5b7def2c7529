// Every route of the description answers, and every answer is in the description.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { MOONS, openStream, startLab, takesHours, until, slowness } from "./client.mjs";

/* Three batch sizes that reach the target, and ten settings, so that all of the analysis is there. */
const SWEEP = { base: { dataset: "moons", hidden: [8], epochs: 9, target_accuracy: 0.6 }, space: { batch_size: { values: [5, 20, 80] }, lr: { values: [0.1, 0.2, 0.3, 0.4] } } };

const CSV = `x,y,class\n${"1,2,a\n3,4,b\n".repeat(9)}`;
let uploads = 0;
let lab, run, sweep, description;
before(async () => {
  lab = await startLab();
  const { id } = (await lab.json("POST", "/sweeps", SWEEP)).body;
  sweep = await until(async () => {
    const { body } = await lab.json("GET", `/sweeps/${id}`);
    return body.state === "finished" && body;
  }, "the sweep");
  run = await lab.waitFor((await lab.launch({ ...MOONS, validation_samples: 100 })).id, "finished");
  description = (await lab.json("GET", "/openapi.json")).body;
});
after(() => lab.end());

/** How to exercise each route: what to send and which status is right. */
const exercises = {
  "post /runs": [201, () => lab.json("POST", "/runs", MOONS)],
  "get /runs": [200, () => lab.json("GET", "/runs")],
  "get /runs/{id}": [200, () => lab.json("GET", `/runs/${run.id}`)],
  "patch /runs/{id}": [200, () => lab.json("PATCH", `/runs/${run.id}`, { name: "x" })],
  "delete /runs/{id}": [404, () => lab.json("DELETE", "/runs/99999")],
  "post /runs/{id}/stop": [409, () => lab.json("POST", `/runs/${run.id}/stop`, {})],
  "post /runs/{id}/pause": [409, () => lab.json("POST", `/runs/${run.id}/pause`, {})],
  "post /runs/{id}/resume": [409, () => lab.json("POST", `/runs/${run.id}/resume`, {})],
  "get /runs/{id}/points": [200, () => lab.json("GET", `/runs/${run.id}/points?since_step=1&max=100`)],
  "get /runs/{id}/points.csv": [200, () => lab.request("GET", `/runs/${run.id}/points.csv`)],
  "get /runs/{id}/steps": [200, () => lab.json("GET", `/runs/${run.id}/steps`)],
  "get /runs/{id}/layers": [200, () => lab.json("GET", `/runs/${run.id}/layers`)],
  "get /runs/{id}/model.safetensors": [200, () => lab.request("GET", `/runs/${run.id}/model.safetensors`)],
  "post /runs/{id}/predict": [200, () => lab.json("POST", `/runs/${run.id}/predict`, { inputs: [[0, 0]] })],
  "get /runs/{id}/diagnosis": [200, () => lab.json("GET", `/runs/${run.id}/diagnosis`)],
  "post /anatomy": [200, () => lab.json("POST", "/anatomy", { kind: "expression", text: "a*b" })],
  "post /anatomy/train": [200, () => lab.json("POST", "/anatomy/train", { dataset: "moons", hidden: [4], steps: 1, grid: 8, units: true })],
  "get /runs/{id}/mistakes": [200, () => lab.json("GET", `/runs/${run.id}/mistakes?limit=3`)],
  "get /runs/{id}/projection": [200, () => lab.json("GET", `/runs/${sweep.id}/projection?target=0.99`)],
  "post /sweeps": [201, () => lab.json("POST", "/sweeps", SWEEP)],
  "post /sweeps/estimate": [200, () => lab.json("POST", "/sweeps/estimate", SWEEP)],
  "get /sweeps": [200, () => lab.json("GET", "/sweeps")],
  "get /sweeps/{id}": [200, () => lab.json("GET", `/sweeps/${sweep.id}`)],
  "patch /sweeps/{id}": [200, () => lab.json("PATCH", `/sweeps/${sweep.id}`, { notes: "x" })],
  "delete /sweeps/{id}": [404, () => lab.json("DELETE", "/sweeps/99999")],
  "post /sweeps/{id}/stop": [409, () => lab.json("POST", `/sweeps/${sweep.id}/stop`, {})],
  "post /sweeps/{id}/pause": [409, () => lab.json("POST", `/sweeps/${sweep.id}/pause`, {})],
  "post /sweeps/{id}/resume": [409, () => lab.json("POST", `/sweeps/${sweep.id}/resume`, {})],
  "post /sweeps/{id}/extend": [400, () => lab.json("POST", `/sweeps/${sweep.id}/extend`, { max_runs: 1 })],
  "post /sweeps/{id}/clone": [201, () => lab.json("POST", `/sweeps/${sweep.id}/clone`, { max_runs: 1 })],
  "get /sweeps/{id}/runs": [200, () => lab.json("GET", `/sweeps/${sweep.id}/runs?limit=2`)],
  "get /sweeps/{id}/runs.csv": [200, () => lab.request("GET", `/sweeps/${sweep.id}/runs.csv`)],
  "get /sweeps/{id}/analysis": [200, () => lab.json("GET", `/sweeps/${sweep.id}/analysis`)],
  "get /datasets": [200, () => lab.json("GET", "/datasets")],
  "post /datasets": [201, () => lab.upload({ name: `own-${uploads++}`, train: CSV })],
  "delete /datasets/{name}": [409, () => lab.json("DELETE", "/datasets/moons")],
  "get /datasets/{name}": [200, () => lab.json("GET", "/datasets/moons")],
  "get /datasets/{name}/samples": [200, () => lab.json("GET", "/datasets/moons/samples?split=test&limit=3")],
  "get /presets": [200, () => lab.json("GET", "/presets")],
  "get /events": [200, async () => { const stream = await openStream(lab.url); await stream.close(); return stream; }],
  "get /openapi.json": [200, () => lab.json("GET", "/openapi.json")],
  "get /system": [200, () => lab.json("GET", "/system")],
  "get /healthz": [200, () => lab.json("GET", "/healthz")],
  "get /version": [200, () => lab.json("GET", "/version")],
  "post /session": [204, () => lab.json("POST", "/session", {})],
};

test("description and exercises name the same routes, and each answers", async () => {
  const described = Object.entries(description.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
  assert.deepEqual(described.sort(), Object.keys(exercises).sort());
  for (const [route, [status, exercise]] of Object.entries(exercises)) assert.equal((await exercise()).status, status, route);
});

/** What of `value` the schema does not allow, with its place. */
function misfits(schema, value, place) {
  if (schema.$ref) return misfits(description.components.schemas[schema.$ref.split("/").at(-1)], value, place);
  if (schema.anyOf) {
    const found = schema.anyOf.map((choice) => misfits(choice, value, place));
    return found.find((list) => list.length === 0) ?? found[0];
  }
  if (!schema.type) return []; // anything
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const fits = (wanted) => wanted === type || (wanted === "integer" && Number.isInteger(value));
  if (![schema.type].flat().some(fits)) return [`${place} is ${type}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${place} is ${value}`];
  if (type === "array") return value.flatMap((item, i) => misfits(schema.items, item, `${place}[${i}]`));
  if (type !== "object" || !schema.properties) return [];
  const missing = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${place}.${name} is missing`);
  return Object.entries(value).reduce((list, [name, item]) =>
    list.concat(name in schema.properties ? misfits(schema.properties[name], item, `${place}.${name}`) : [`${place}.${name} is not described`]), missing);
}

test("every answer is as described", async () => {
  for (const [path, methods] of Object.entries(description.paths))
    for (const [method, { responses, requestBody }] of Object.entries(methods)) {
      const [status, exercise] = exercises[`${method} ${path}`];
      const { body } = await exercise();
      const described = status < 300 ? responses["2XX"] : responses.default;
      const schema = Object.values(described.content ?? {})[0]?.schema;
      if (schema) assert.deepEqual(misfits(schema, body, `${method} ${path}`), []);
      assert.equal(Boolean(requestBody), method === "post" || method === "patch");
    }
  const { schemas } = description.components;
  assert.deepEqual(misfits(schemas.Dataset, (await lab.json("GET", "/datasets/mnist")).body, "mnist"), []);
  assert.deepEqual(misfits(schemas.Launch, { ...run.config, parent: run.id }, "launch"), []);
  assert.notDeepEqual(misfits(schemas.Launch, { lr: "fast", colour: 1 }, "launch"), []);
});

test("unknown addresses, methods and parameters are refused", async () => {
  assert.equal((await lab.json("GET", "/runs/0")).status, 404);
  assert.equal((await lab.json("GET", "/runs/x")).status, 404);
  assert.equal((await lab.json("GET", "/runs/1/nothing")).status, 404);
  const put = await lab.json("PUT", "/runs", {});
  assert.equal(put.status, 405);
  assert.match(put.headers.get("allow"), /GET, HEAD/);
  assert.equal((await lab.request("HEAD", "/version")).status, 200);
  assert.equal((await lab.json("GET", `/runs/${run.id}/points?since_step=x`)).status, 400);
  assert.equal((await lab.json("GET", `/runs/${run.id}/points?colour=red`)).status, 400);
});

test("the config's schema holds what an empty launch gets", async () => {
  const { properties } = description.components.schemas.RunConfig;
  const { config } = await lab.launch({ dataset: "moons" });
  assert.deepEqual(Object.keys(properties).sort(), Object.keys(config).sort());
  for (const [name, { default: value }] of Object.entries(properties))
    if (name !== "dataset") assert.deepEqual(config[name], value, name);
  assert.ok(properties.dataset.enum.includes("mnist"));
  assert.equal(properties.lr.exclusiveMinimum, 0);
});

test("steps, layers and CSV fit the points", async () => {
  const points = await lab.points(run.id);
  assert.ok(points.every((point) => point.val_accuracy !== null));
  const { steps } = (await lab.json("GET", `/runs/${run.id}/steps`)).body;
  assert.equal(steps[0].first_step, 1);
  assert.equal(steps.at(-1).last_step, points.at(-1).step);
  const { layers, noise } = (await lab.json("GET", `/runs/${run.id}/layers`)).body;
  assert.equal(layers.length, 2 * points.length);
  assert.ok(layers.every((layer) => layer.weight_norm > 0 && layer.update_ratio > 0));
  const probed = layers.filter((layer) => layer.histograms);
  assert.deepEqual(noise.map(({ step }) => step), [...new Set(probed.map(({ step }) => step))]);
  for (const { histograms } of probed)
    for (const { counts, low, high } of Object.values(histograms)) assert.ok(counts.length === 32 && low <= high);
  assert.ok(layers.every((layer) => (layer.activation_mean === null) === (layer.histograms === null)));
  const csv = await (await lab.request("GET", `/runs/${run.id}/points.csv`)).text();
  const [head, ...rows] = csv.trim().split("\r\n");
  assert.equal(rows.length, points.length);
  const column = head.split(",").indexOf("test_loss");
  rows.forEach((row, i) => assert.equal(row.split(",")[column], String(points[i].test_loss)));
});

test("the model file is safetensors in PyTorch's layout, and predicts as the server does", async () => {
  const bytes = Buffer.from(await (await lab.request("GET", `/runs/${run.id}/model.safetensors?which=best`)).arrayBuffer());
  const size = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + size).toString());
  const tensor = (name) => {
    const { dtype, shape, data_offsets: [from, to] } = header[name];
    assert.equal(dtype, "F32");
    const data = bytes.subarray(8 + size + from, 8 + size + to);
    return { shape, at: (i) => data.readFloatLE(4 * i) };
  };
  const layer = (n, x) => {
    const weight = tensor(`layers.${n}.weight`), bias = tensor(`layers.${n}.bias`);
    assert.deepEqual(weight.shape, [bias.shape[0], x.length]);
    return Array.from({ length: bias.shape[0] }, (_, o) => x.reduce((sum, value, i) => sum + value * weight.at(o * x.length + i), bias.at(o)));
  };
  const logits = layer(1, layer(0, [0.5, -0.25]).map((value) => Math.max(0, value)));
  const share = 1 / (1 + Math.exp(logits[1] - logits[0]));
  const { body } = await lab.json("POST", `/runs/${run.id}/predict`, { inputs: [[0.5, -0.25]] });
  assert.ok(Math.abs(body.outputs[0][0] - share) < 1e-5);
  assert.equal(body.labels[0], share > 0.5 ? 0 : 1);
  for (const bad of [{}, { inputs: [] }, { inputs: [[1]] }, { inputs: [[1, "x"]] }, { inputs: [[1, 2]], more: 1 }])
    assert.equal((await lab.json("POST", `/runs/${run.id}/predict`, bad)).status, 400, JSON.stringify(bad));
});

test("datasets tell their counts, or how to get them", async () => {
  const { datasets } = (await lab.json("GET", "/datasets")).body;
  assert.ok(["mnist", "fashion-mnist", "moons", "circles", "spirals", "xor"].every((name) => datasets.some((set) => set.name === name)));
  const mnist = (await lab.json("GET", "/datasets/mnist")).body;
  assert.equal(mnist.present, true);
  assert.equal(mnist.class_counts.train.reduce((a, b) => a + b), 60000);
  assert.deepEqual(mnist.value_range, [0, 255]);
  const { samples } = (await lab.json("GET", "/datasets/mnist/samples?split=test&limit=2")).body;
  assert.equal(samples[0].label, 7);
  assert.equal(samples[0].values.length, 784);
  assert.equal((await lab.json("GET", "/datasets/nope")).status, 404);
});

test("presets launch as they are", async () => {
  const { presets } = (await lab.json("GET", "/presets")).body;
  assert.ok(presets.length >= 5);
  for (const preset of presets) {
    const sweep = preset.kind === "sweep";
    const { status, body } = await lab.json("POST", sweep ? "/sweeps/estimate" : "/runs", preset.config);
    assert.equal(status, sweep ? 200 : 201, `${preset.name}: ${JSON.stringify(body.errors)}`);
    await lab.json("POST", `/runs/${body.id}/stop`, {});
  }
});

/** A point's members as they are written, digit by digit: [["step", "1"], ...]. */
const digitsOf = (text) => [...text.matchAll(/"(\w+)":("[^"]*"|[^,}]+)/g)].map(([, name, value]) => [name, value.replaceAll('"', "")]);

/** What the database holds of each point; its own quoting loses no digit. */
function storedPoints(id, names) {
  const columns = names.map((name) => `quote(${name}) AS ${name}`).join(", ");
  const query = `SELECT ${columns} FROM points WHERE run = ${id} ORDER BY points.step`;
  const text = execFileSync("sqlite3", ["-readonly", "-json", `${lab.folder}/sweetspot.db`, query], { encoding: "utf8" });
  const number = ([name, value]) => [name, value === "NULL" ? null : Number(value)];
  return JSON.parse(text).map((row) => Object.fromEntries(Object.entries(row).map(number)));
}

test("POST /runs {} trains MNIST to 97 %, and stream, list, CSV and database agree to the digit", { timeout: 120000 * slowness }, async () => {
  const stream = await openStream(lab.url);
  const some = { train_samples: 1500, test_samples: 500 };
  const done = await lab.waitFor((await lab.launch(takesHours ? some : {})).id, "finished");
  assert.ok(takesHours || done.summary.last_test_accuracy >= 0.97, `${done.summary.last_test_accuracy}`);
  const told = () => stream.events.filter((event) => event.event === "point" && event.data.run === done.id);
  await until(() => told().length === 10, "ten points");
  await stream.close();
  const sent = told().map((event) => event.text.slice(event.text.indexOf('"point":') + 8, -1));
  const text = await (await lab.request("GET", `/runs/${done.id}/points`)).text();
  assert.equal(text, `{"points":[${sent.join(",")}],"next_cursor":null}`);
  const csv = await (await lab.request("GET", `/runs/${done.id}/points.csv`)).text();
  const [head, ...rows] = csv.trim().split("\r\n").map((row) => row.split(","));
  assert.deepEqual(rows, sent.map((point) => digitsOf(point).map(([, value]) => (value === "null" ? "" : value))));
  assert.deepEqual(head, digitsOf(sent[0]).map(([name]) => name));
  const listed = JSON.parse(text).points.map(({ wall_time, ...numbers }) => numbers);
  assert.deepEqual(storedPoints(done.id, Object.keys(listed[0])), listed);
});
