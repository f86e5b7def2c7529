// Runs through the API: launching, states, lists, limits.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LONG, MOONS, startLab } from "./client.mjs";

let lab;
before(async () => (lab = await startLab({ args: ["--workers", "2"] })));
after(() => lab.end());

const act = (id, verb) => lab.json("POST", `/runs/${id}/${verb}`, {});

test("lists every bad field at once, with what is allowed", async () => {
  const { status, body } = await lab.json("POST", "/runs", {
    lr: -1, epochs: 0, hidden: [0], dataset: "nope", nesterov: 1, tags: "x", name: 3, colour: "red", parent: 999,
  });
  assert.equal(status, 400);
  const fields = body.errors.map((error) => error.field).sort();
  assert.deepEqual(fields, ["colour", "dataset", "epochs", "hidden", "lr", "name", "nesterov", "parent", "tags"]);
  assert.match(body.errors.find((error) => error.field === "dataset").message, /mnist/);
});

test("launches, trains and says where the run is", async () => {
  const { status, headers, body } = await lab.json("POST", "/runs", { ...MOONS, name: "ümlaut <b>", tags: ["a", "b"] });
  assert.equal(status, 201);
  assert.equal(headers.get("location"), `/runs/${body.id}`);
  const done = await lab.waitFor(body.id, "finished");
  assert.equal(done.stop_reason, "epochs_done");
  assert.equal(done.progress, 1);
  assert.equal(done.name, "ümlaut <b>");
  assert.equal(done.summary.points, 3);
  assert.equal(done.environment.threads, 1);
  const clone = await lab.json("POST", "/runs", { ...done.config, parent: done.id });
  assert.equal(clone.status, 201);
  assert.equal(clone.body.parent, done.id);
  assert.deepEqual(clone.body.config, done.config);
  const copy = await lab.waitFor(clone.body.id, "finished");
  assert.equal(copy.summary.last_test_loss, done.summary.last_test_loss, "same config and seed, same bits");
});

test("the scalar engine trains through the server, and a single output predicts", async () => {
  const config = { ...MOONS, engine: "scalar", hidden: [16], train_samples: 100, epochs: 40, lr: 0.5, batch_size: 100 };
  for (const [loss, columns] of [["hinge", 1], ["mse", 2]]) {
    const { body: run } = await lab.json("POST", "/runs", { ...config, loss });
    const done = await lab.waitFor(run.id, "finished");
    assert.equal(done.config.engine, "scalar");
    assert.ok(done.summary.best_test_accuracy > 0.8, loss);
    const { status, body } = await lab.json("POST", `/runs/${run.id}/predict`, { inputs: [[-0.5, 0.75], [0.5, -0.75]] });
    assert.equal(status, 200);
    assert.deepEqual(body.labels, body.outputs.map((row) => (columns === 1 ? Number(row[0] > 0) : Number(row[1] > row[0]))));
    assert.ok(body.outputs.every((row) => row.length === columns));
    assert.notEqual(body.labels[0], body.labels[1], "the two moons");
    const { body: inside } = await lab.json("GET", `/runs/${run.id}/layers`);
    assert.ok(inside.noise.length > 0 && inside.layers[0].histograms.activations.counts.length === 32);
  }
});

test("an idempotency key launches once", async () => {
  const key = { "Idempotency-Key": "k-1" };
  const first = await lab.json("POST", "/runs", MOONS, key);
  const second = await lab.json("POST", "/runs", MOONS, key);
  assert.equal(second.body.id, first.body.id);
  assert.equal((await lab.json("POST", "/runs", { ...MOONS, lr: 0.2 }, key)).status, 409);
});

test("two train at once, a third waits; every verb in every state", async () => {
  const [a, b, c] = [await lab.launch(LONG), await lab.launch(LONG), await lab.launch(LONG)];
  await lab.waitFor(a.id, "running");
  await lab.waitFor(b.id, "running");
  assert.equal((await lab.run(c.id)).state, "queued");
  const { body: system } = await lab.json("GET", "/system");
  assert.deepEqual(system.workers.map((worker) => worker.run).sort(), [a.id, b.id]);
  assert.equal(system.queue.queued, 1);

  assert.equal((await lab.json("DELETE", `/runs/${a.id}`)).status, 409, "running cannot be deleted");
  assert.equal((await act(a.id, "resume")).status, 409, "running cannot be resumed");
  assert.equal((await act(c.id, "pause")).status, 200, "queued can be paused");
  assert.equal((await lab.run(c.id)).state, "paused");
  assert.equal((await act(c.id, "pause")).status, 409, "paused cannot be paused");
  assert.equal((await lab.json("DELETE", `/runs/${c.id}`)).status, 409, "paused cannot be deleted");

  assert.equal((await act(a.id, "pause")).status, 202, "running is told to pause");
  await lab.waitFor(a.id, "paused");
  assert.equal((await act(a.id, "resume")).status, 200);
  await lab.waitFor(a.id, "running");
  assert.equal((await act(a.id, "stop")).status, 202);
  const stopped = await lab.waitFor(a.id, "stopped");
  assert.equal(stopped.stop_reason, "user");
  assert.equal((await act(a.id, "stop")).status, 409, "stopped cannot be stopped");
  assert.equal((await act(a.id, "pause")).status, 409, "stopped cannot be paused");
  assert.equal((await act(a.id, "resume")).status, 200, "stopped can be resumed");
  await lab.waitFor(a.id, "running");

  assert.equal((await act(c.id, "stop")).status, 200, "paused can be stopped");
  assert.equal((await lab.json("DELETE", `/runs/${c.id}`)).status, 204);
  assert.equal((await lab.json("GET", `/runs/${c.id}`)).status, 404);
  for (const id of [a.id, b.id]) {
    await act(id, "stop");
    await lab.waitFor(id, "stopped");
    assert.equal((await lab.json("DELETE", `/runs/${id}`)).status, 204);
  }
});

test("a finished run takes no verb but delete", async () => {
  const run = await lab.launch(MOONS);
  await lab.waitFor(run.id, "finished");
  for (const verb of ["stop", "pause", "resume"]) assert.equal((await act(run.id, verb)).status, 409, verb);
  assert.equal((await lab.json("PATCH", `/runs/${run.id}`, { epochs: 9 })).status, 409);
  assert.equal((await lab.json("DELETE", `/runs/${run.id}`)).status, 204);
  for (const verb of ["stop", "pause", "resume"]) assert.equal((await act(run.id, verb)).status, 404, verb);
});

test("changes words at any time and limits while live", async () => {
  const run = await lab.launch(LONG);
  await lab.waitFor(run.id, "running");
  const bad = await lab.json("PATCH", `/runs/${run.id}`, { lr: 1, epochs: -1, archived: "yes" });
  assert.deepEqual(bad.body.errors.map((error) => error.field).sort(), ["archived", "epochs", "lr"]);
  const patched = await lab.json("PATCH", `/runs/${run.id}`, { name: "new", notes: "n", tags: ["t"], archived: true, epochs: 50000, target_accuracy: 0.8 });
  assert.equal(patched.status, 200);
  assert.equal(patched.body.config.epochs, 50000);
  assert.equal(patched.body.config.name, "new");
  assert.equal(patched.body.total_steps, 50000 * 20);
  await lab.json("PATCH", `/runs/${run.id}`, { epochs: 1 });
  const done = await lab.waitFor(run.id, "finished");
  assert.equal(done.stop_reason, "epochs_done", "fewer epochs than are done end the run");
});

test("a page after the other is the whole list, under any sort and filter", async () => {
  for (let i = 0; i < 12; i++) await lab.launch({ ...MOONS, epochs: 1, lr: 0.01 * (1 + (i % 4)), name: `page ${i}`, tags: i % 2 ? ["odd"] : [] });
  for (const query of ["", "sort=lr", "sort=-lr", "sort=name", "sort=-time_to_target", "tag=odd", "q=PAGE", "dataset=moons&sort=-id"]) {
    const list = (more) => lab.json("GET", `/runs?${["archived=any", query, ...more].filter(Boolean).join("&")}`);
    const whole = (await list(["limit=1000"])).body;
    assert.equal(whole.runs.length, whole.total, query);
    const ids = [];
    let cursor = null;
    do {
      const page = (await list(["limit=5", cursor && `cursor=${cursor}`])).body;
      ids.push(...page.runs.map((run) => run.id));
      cursor = page.next_cursor;
    } while (cursor);
    assert.deepEqual(ids, whole.runs.map((run) => run.id), query);
  }
  const odd = (await lab.json("GET", "/runs?tag=odd&fields=name,tags")).body.runs;
  assert.equal(odd.length, 6);
  assert.deepEqual(Object.keys(odd[0]).sort(), ["id", "name", "tags"]);
  for (const bad of ["limit=0", "sort=colour", "cursor=x", "state=flying", "what=1", "archived=perhaps", "limit=5&limit=6"])
    assert.equal((await lab.json("GET", `/runs?${bad}`)).status, 400, bad);
});

test("a run whose numbers run away ends as diverged, with null for NaN", async () => {
  const run = await lab.launch({ ...MOONS, lr: 1000, activation: "linear", hidden: [64, 64, 64], epochs: 50 });
  const done = await lab.waitFor(run.id, ["diverged", "finished"]);
  assert.equal(done.state, "diverged");
  assert.equal(done.stop_reason, "not_finite");
  assert.equal((await lab.points(run.id)).at(-1).train_loss, null);
});
