// Sweeps through the real server: plans, launches, the states they go through, answers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answerOf, batchCosts, sumUp } from "../../web/src/logic/trials.js";
import { openStream, startLab, until } from "./client.mjs";

const BASE = { dataset: "moons", hidden: [8], epochs: 4, target_accuracy: 0.8 };
const GRID = { base: BASE, space: { batch_size: { values: [10, 50] }, lr: { values: [0.01, 0.1, 1] } } };
const LONG = { ...GRID, base: { ...BASE, epochs: 100000, stop_at_target: false, eval_every: 1000 } };

let lab;
before(async () => void (lab = await startLab({ arguments: ["--workers", "2"] })));
after(() => lab.end());

const create = async (spec) => {
  const { status, body, headers } = await lab.json("POST", "/sweeps", spec);
  assert.equal(status, 201, JSON.stringify(body));
  assert.equal(headers.get("location"), `/sweeps/${body.id}`);
  return body;
};
const sweep = async (id) => (await lab.json("GET", `/sweeps/${id}`)).body;
const waitFor = (id, state) =>
  until(async () => {
    const found = await sweep(id);
    return found.state === state && found;
  }, `sweep ${id} to be ${state}`);
const act = (id, verb, body = {}) => lab.json("POST", `/sweeps/${id}/${verb}`, body);
const runs = async (id) => (await lab.json("GET", `/sweeps/${id}/runs?limit=1000`)).body.runs;
const analysis = async (id, query = "") => (await lab.json("GET", `/sweeps/${id}/analysis${query}`)).body;

test("a grid runs every setting once and answers", async () => {
  const made = await create({ ...GRID, name: "all <b>six</b>" });
  assert.equal(made.total_runs, 6);
  assert.equal(made.spec.sampler, "grid");
  assert.equal(made.spec.base.stop_at_target, true);
  assert.equal(made.spec.base.validation_samples, 0); // fewer than 10,000 samples
  const done = await waitFor(made.id, "finished");
  assert.equal(done.stop_reason, "runs_done");
  assert.equal(done.progress, 1);
  assert.equal(done.counts.finished, 6);
  const found = await runs(made.id);
  const settings = found.map(({ config }) => `${config.batch_size} ${config.lr}`);
  assert.deepEqual(settings.sort(), ["10 0.01", "10 0.1", "10 1", "50 0.01", "50 0.1", "50 1"]);
  assert.ok(found.every((run) => run.sweep === made.id && run.config.seed === 1));
  const { trials, cells, answer, metric, clock, parameters } = await analysis(made.id);
  assert.equal(metric, "test_accuracy");
  assert.equal(clock, "cpu_seconds");
  assert.deepEqual(parameters.map(({ name }) => name), ["batch_size", "lr"]);
  assert.equal(cells.length, 6);
  assert.deepEqual(cells[5].values, [50, 1]);
  const best = cells.find(({ rank }) => rank === 1);
  assert.equal(best, cells[answer.cell]);
  assert.equal(answer.value, best.value);
  assert.equal(trials.find(({ run }) => run === answer.runs[0]).cell, answer.cell);
  assert.equal(answer.config.batch_size, best.values[0]);
});

test("points lie after as many samples at every batch size", async () => {
  const made = await create({ ...GRID, eval_samples: 100 });
  await waitFor(made.id, "finished");
  for (const { config } of await runs(made.id)) assert.equal(config.eval_every * config.batch_size, 100);
});

test("large sets are judged by validation, and look at the test set once", async () => {
  const base = { dataset: "mnist", hidden: [8], epochs: 1, train_samples: 12000, test_samples: 500 };
  const made = await create({ base, space: { lr: { values: [0.1, 0.3] } }, eval_samples: 2000 });
  assert.equal(made.spec.base.validation_samples, 5000);
  await waitFor(made.id, "finished");
  const found = await analysis(made.id);
  assert.equal(found.metric, "val_accuracy");
  for (const { run, test_accuracy } of found.trials) {
    const points = await lab.points(run);
    assert.deepEqual(points.map((point) => point.test_accuracy === null), points.map((_, i) => i < points.length - 1));
    assert.equal(points.at(-1).test_accuracy, test_accuracy);
    assert.ok(points.every((point) => point.val_accuracy !== null));
  }
});

test("repeats are seeds of one setting", async () => {
  const made = await create({ ...GRID, repeats: 3, base: { ...BASE, seed: 7 } });
  assert.equal(made.total_runs, 18);
  assert.equal(made.settings, 6);
  await waitFor(made.id, "finished");
  const { cells, trials } = await analysis(made.id);
  assert.ok(cells.every((cell) => cell.trials === 3 && cell.counted === 3));
  assert.deepEqual([...new Set(trials.map(({ seed }) => seed))].sort(), [7, 8, 9]);
});

test("samplers draw from ranges, the same for the same seed", async () => {
  const space = { lr: { log_uniform: [0.01, 1] }, batch_size: { int_log_uniform: [4, 64] }, hidden: { values: [[4], [8, 8]] } };
  for (const sampler of ["random", "sobol", "tpe"]) {
    const spec = { base: BASE, space, sampler, max_runs: 12, seed: 5, parallel: 1 };
    const [a, b] = [await create(spec), await create(spec)];
    await waitFor(a.id, "finished");
    await waitFor(b.id, "finished");
    const values = async (id) => (await analysis(id)).cells.map((cell) => cell.values);
    const drawn = await values(a.id);
    assert.equal(drawn.length, 12);
    for (const [lr, batch, hidden] of drawn) {
      assert.ok(lr >= 0.01 && lr <= 1 && Number.isInteger(batch) && batch >= 4 && batch <= 64);
      assert.ok([1, 2].includes(hidden.length));
    }
    // tpe goes by what the runs came to, which times differ between: its start does not.
    assert.deepEqual((await values(b.id)).slice(0, 10), drawn.slice(0, 10), sampler);
    assert.ok(new Set(drawn.map(String)).size >= 11, sampler);
  }
});

test("pause, resume and stop bring the runs in line", async () => {
  const { id } = await create(LONG);
  const states = async () => (await runs(id)).map(({ state }) => state).sort();
  const settle = (wanted) => until(async () => `${await states()}` === `${wanted}`, `runs to be ${wanted}`);
  await settle(["running", "running"]);
  assert.equal((await act(id, "pause")).body.state, "paused");
  await settle(["paused", "paused"]);
  assert.equal((await act(id, "pause")).status, 409);
  assert.equal((await lab.json("DELETE", `/sweeps/${id}`)).status, 409);
  assert.equal((await act(id, "resume")).body.state, "running");
  await settle(["running", "running"]);
  assert.equal((await act(id, "stop")).body.state, "stopped");
  await settle(["stopped", "stopped"]);
  assert.equal((await sweep(id)).stop_reason, "user");
  assert.equal((await lab.json("DELETE", `/sweeps/${id}`)).status, 204);
  assert.equal((await lab.json("GET", `/sweeps/${id}`)).status, 404);
  assert.equal((await lab.json("GET", "/runs?sweep=" + id)).body.total, 0);
});

test("a stopped sweep that was paused leaves no run paused", async () => {
  const { id } = await create(LONG);
  await until(async () => (await sweep(id)).counts.running === 2, "two runs");
  await act(id, "pause");
  await until(async () => (await sweep(id)).counts.paused === 2, "two paused");
  await act(id, "stop");
  await until(async () => (await sweep(id)).counts.stopped === 2, "two stopped");
});

test("a time budget ends the sweep and its runs", async () => {
  const { id } = await create({ ...LONG, time_budget_s: 0.5 });
  const done = await waitFor(id, "finished");
  assert.equal(done.stop_reason, "time_budget");
  assert.ok((await runs(id)).every((run) => run.stop_reason === "sweep_time_budget"));
  assert.equal((await act(id, "extend", { time_budget_s: 0.1 })).status, 400);
  const nothing = await act(id, "extend", { time_budget_s: 0.5 });
  assert.deepEqual([nothing.status, nothing.body.errors[0].field], [400, "max_runs"], "no more of anything");
});

test("extending goes on where it ended, cloning begins anew", async () => {
  const { id } = await create({ ...GRID, max_runs: 2 });
  await waitFor(id, "finished");
  const bad = await act(id, "extend", { max_runs: 1 });
  assert.equal(bad.status, 400);
  assert.equal(bad.body.errors[0].field, "max_runs");
  const less = await act(id, "extend", { max_runs: 3, time_budget_s: 5 });
  assert.deepEqual([less.status, less.body.errors[0].field], [400, "time_budget_s"], "it has no limit so far");
  assert.equal((await act(id, "extend", { max_runs: 5 })).body.total_runs, 5);
  const done = await waitFor(id, "finished");
  assert.equal(done.counts.finished, 5);
  const cloned = await act(id, "clone", { max_runs: null, name: "again" });
  assert.equal(cloned.status, 201);
  assert.equal(cloned.body.total_runs, 6);
  assert.equal(cloned.body.name, "again");
  assert.deepEqual(cloned.body.spec.space, done.spec.space);
  await waitFor(cloned.body.id, "finished");
});

test("extensions at the same time add up to the largest", async () => {
  const { id } = await create({ ...GRID, max_runs: 1, repeats: 10 });
  await waitFor(id, "finished");
  const wanted = Array.from({ length: 20 }, (_, i) => 2 + ((i * 7) % 20));
  const answers = await Promise.all(wanted.map((max_runs) => act(id, "extend", { max_runs })));
  answers.forEach(({ status, body }, i) => {
    if (status === 200) assert.ok(body.total_runs >= wanted[i]);
    else assert.deepEqual([status, body.errors[0].field], [400, "max_runs"]); // others were first
  });
  assert.equal((await sweep(id)).total_runs, 21);
  const done = await until(async () => (await sweep(id)).counts.finished === 21 && sweep(id), "all of them");
  assert.equal(done.spec.max_runs, 21);
});

test("runs that fail or diverge count as such and stop nothing", async () => {
  const space = { optimizer: { values: ["sgd", "adam"] }, lr: { values: [0.1, 1000] } };
  const made = await create({ base: { ...BASE, momentum: 0.5, dataset: "moons", activation: "linear", hidden: [64, 64], loss: "mse" }, space });
  const done = await waitFor(made.id, "finished");
  assert.equal(done.counts.failed, 2); // adam takes no momentum
  assert.equal(done.counts.diverged, 1);
  const { cells } = await analysis(made.id);
  assert.deepEqual(cells.map(({ failed, diverged }) => [failed, diverged]), [[0, 0], [0, 1], [1, 0], [1, 0]]);
});

test("every bad field is named", async () => {
  const { status, body } = await lab.json("POST", "/sweeps", {
    base: { lr: -1, colour: 1 },
    space: { hidden: { uniform: [1, 2] }, seed: { values: [1] }, momentum: { values: [0.5, 2] }, epochs: { uniform: [1, 3] }, x: {} },
    sampler: "best", pruner: 3, repeats: 0, max_runs: 1e9, parallel: 1.5, timed: 1, surprise: 1, name: 5, time_budget_s: -1,
  });
  assert.equal(status, 400);
  const fields = body.errors.map(({ field }) => field).sort();
  assert.deepEqual(fields, ["base.colour", "base.lr", "max_runs", "name", "parallel", "pruner", "repeats", "sampler", "space.epochs",
    "space.hidden", "space.momentum", "space.seed", "space.x", "surprise", "time_budget_s", "timed"]);
  const one = async (spec) => (await lab.json("POST", "/sweeps", spec)).body.errors?.map(({ field }) => field);
  assert.deepEqual(await one({}), ["space"]);
  assert.deepEqual(await one({ space: { lr: { log_uniform: [0.1, 1] } }, sampler: "grid" }), ["sampler"]);
  assert.deepEqual(await one({ ...GRID, objective: "accuracy_within" }), ["base.time_budget_s"]);
  assert.deepEqual(await one({ ...GRID, base: { target_accuracy: null } }), ["base.target_accuracy"]);
  assert.deepEqual(await one({ ...GRID, base: { ...BASE, train_samples: 999999 } }), ["base.train_samples"]);
  assert.deepEqual(await one({ base: { nesterov: true }, space: { momentum: { values: [0] } } }), ["base.nesterov"]);
  assert.deepEqual(await one({ ...GRID, timed: true, parallel: 2 }), ["parallel"]);
  assert.equal((await act(99999, "stop")).status, 404);
  assert.match((await act(99999, "stop")).body.detail, /no such sweep/);
});

test("the estimate says what a sweep would come to, and launches nothing", async () => {
  const before = (await lab.json("GET", "/sweeps")).body.total;
  const { status, body } = await lab.json("POST", "/sweeps/estimate", { ...GRID, repeats: 2 });
  assert.equal(status, 200);
  assert.deepEqual(body, { total_runs: 12, settings: 6, samples_per_run: 4 * 1000, grid: true });
  assert.equal((await lab.json("GET", "/sweeps")).body.total, before);
});

test("lists newest first in pages, renames, tells the stream", async () => {
  const stream = await openStream(lab.url);
  const { id } = await create({ ...GRID, max_runs: 1 });
  await lab.json("PATCH", `/sweeps/${id}`, { name: "renamed", notes: "why" });
  await waitFor(id, "finished");
  await until(() => stream.events.some(({ event, data }) => event === "sweep" && data.sweep.id === id && data.sweep.state === "finished"), "the event");
  await stream.close();
  const first = (await lab.json("GET", "/sweeps?limit=1")).body;
  assert.equal(first.sweeps[0].id, id);
  assert.equal(first.sweeps[0].name, "renamed");
  assert.equal(first.sweeps[0].spec.name, "renamed");
  const second = (await lab.json("GET", `/sweeps?limit=1&cursor=${first.next_cursor}`)).body;
  assert.ok(second.sweeps[0].id < id);
  assert.equal(first.total, second.total);
});

test("the CSV has a row a run and the analysis's numbers", async () => {
  const { id } = await create(GRID);
  await waitFor(id, "finished");
  const text = await (await lab.request("GET", `/sweeps/${id}/runs.csv`)).text();
  const [head, ...rows] = text.trim().split("\r\n").map((line) => line.split(","));
  const { trials, cells } = await analysis(id);
  assert.equal(rows.length, trials.length);
  rows.forEach((row, i) => {
    const cell = (name) => row[head.indexOf(name)];
    assert.equal(Number(cell("run")), trials[i].run);
    assert.equal(Number(cell("lr")), cells[trials[i].cell].values[1]);
    assert.equal(Number(cell("cpu_seconds")), trials[i].seconds);
  });
});

test("another target and budget are judged at once", async () => {
  const { id } = await create({ ...GRID, base: { ...BASE, stop_at_target: false } });
  await waitFor(id, "finished");
  const all = await analysis(id, "?target=0.5");
  const none = await analysis(id, "?target=1&budget=0.0000001");
  assert.equal(all.cells.filter(({ reached }) => reached).length, 6);
  assert.equal(none.cells.filter(({ reached }) => reached).length, 0);
  assert.equal(none.answer, null);
  const best = await analysis(id, "?objective=best_accuracy&budget=none");
  assert.equal(best.answer.value, Math.max(...best.cells.map(({ value }) => value)));
  assert.equal((await lab.json("GET", `/sweeps/${id}/analysis?target=2`)).status, 400);
  assert.equal((await lab.json("GET", `/sweeps/${id}/analysis?objective=x`)).status, 400);
});

test("the page judges as the server does, also where some seeds failed", async () => {
  const made = await create({
    base: { ...BASE, epochs: 20, stop_at_target: false }, repeats: 3, eval_samples: 100,
    space: { batch_size: { values: [5, 20, 80] } },
  });
  await waitFor(made.id, "finished");
  const seen = new Set();
  for (let target = 0.6; target <= 1; target += 0.01) {
    const found = await analysis(made.id, `?target=${target}`);
    const own = { objective: "time_to_target", target, budget: null };
    const { config, test_accuracy, ...said } = found.answer ?? {};
    assert.deepEqual(answerOf(found, own) ?? {}, said);
    sumUp(found.trials, own, found.cells.length).forEach(({ counts, ...sum }, i) => {
      const { values, ...cell } = found.cells[i];
      assert.deepEqual({ counts: cell.reached !== null, ...sum }, { counts, ...cell });
      seen.add(cell.reached_trials);
    });
    const costs = batchCosts(found, own);
    found.sweet_spot?.points.forEach(({ seconds_per_step, ...point }, i) => assert.deepEqual(costs[i], point));
  }
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3]);
});

test("the sweet spot is made of what the runs measured", async () => {
  const made = await create({
    base: { ...BASE, hidden: [16], epochs: 60, target_accuracy: 0.9 }, repeats: 3, eval_samples: 64,
    space: { batch_size: { values: [2, 8, 32, 128] }, lr: { values: [0.1, 0.3, 1] } },
  });
  await waitFor(made.id, "finished");
  const { trials, cells, sweet_spot: spot } = await analysis(made.id);
  assert.deepEqual(spot.points.map(({ batch_size }) => batch_size), [2, 8, 32, 128]);
  let variance = 0, squared = 0;
  for (const { batch_size, cell, steps, samples } of spot.points) {
    assert.equal(cells[cell].values[0], batch_size);
    const own = trials.filter((trial) => trial.cell === cell);
    const hits = await Promise.all(own.map(async ({ run }) => (await lab.points(run)).find(({ test_accuracy }) => test_accuracy >= 0.9)));
    const middle = (name) => hits.map((point) => point[name]).sort((a, b) => a - b)[1];
    assert.equal(steps, middle("step"));
    assert.equal(samples, middle("samples"));
    for (const { run } of own)
      for (const noise of (await lab.json("GET", `/runs/${run}/layers`)).body.noise) {
        variance += noise.gradient_variance;
        squared += noise.gradient_squared;
      }
  }
  assert.ok(Math.abs(spot.noise_scale - variance / squared) < 1e-9 * spot.noise_scale);
  for (const { batch_size, steps, samples, seconds } of spot.forecast) {
    assert.ok(Math.abs(steps - (spot.steps_min.value + spot.samples_min.value / batch_size)) < 1e-9 * steps);
    assert.ok(Math.abs(samples - steps * batch_size) < 1e-9 * samples);
    assert.ok(seconds >= spot.best.seconds);
  }
  assert.ok(spot.critical_batch.low < spot.critical_batch.value && spot.critical_batch.value < spot.critical_batch.high);
});

test("a projection needs four points and a horizon beyond them", async () => {
  const { id } = await lab.launch({ ...BASE, epochs: 100000, eval_every: 20, target_accuracy: 0.9999 });
  const ask = async (query = "") => (await lab.json("GET", `/runs/${id}/projection${query}`)).body;
  await until(async () => (await lab.points(id)).length >= 4, "four points");
  const found = await until(async () => (await ask()).projection && ask(), "a projection");
  assert.equal(found.target, 0.9999);
  assert.equal(found.metric, "test_accuracy");
  assert.ok(found.points >= 4 && found.horizon > 0);
  assert.ok(found.projection.chance >= 0 && found.projection.chance <= 1);
  assert.ok(found.projection.level_low <= found.projection.level && found.projection.level <= found.projection.level_high);
  assert.equal((await ask("?budget=0.0000001")).projection, null);
  assert.equal((await ask("?target=0.01")).projection.reached, true);
  assert.equal((await lab.json("GET", `/runs/${id}/projection?target=x`)).status, 400);
  assert.equal((await lab.json("GET", "/runs/99999/projection")).status, 404);
  await lab.json("POST", `/runs/${id}/stop`, {});
  await lab.waitFor(id, "stopped");
});
