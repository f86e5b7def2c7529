// kill -9 in a sweep. At random moments: every planned run is there once, and ends. Right
// after a verb: the sweep and its runs say the same at the next start.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { startLab, until } from "../http/client.mjs";

const KILLS = 15;
const SWEEP = {
  base: { dataset: "moons", hidden: [16], epochs: 400, eval_every: 200, stop_at_target: false },
  space: { batch_size: { values: [5, 10, 20] }, lr: { values: [0.03, 0.1, 0.3, 1] } },
  repeats: 3,
};

test("a sweep survives 15 kills: no run lost, none launched twice", { timeout: 120000 }, async () => {
  const folder = makeFolder();
  let state = 20261123;
  const random = () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648);
  let id = null;
  const seen = new Set();
  let midway = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const lab = await startLab({ folder });
    id ??= (await lab.json("POST", "/sweeps", SWEEP)).body.id;
    await new Promise((resolve) => setTimeout(resolve, random() * 120));
    for (const run of (await lab.json("GET", `/sweeps/${id}/runs?limit=1000`)).body.runs) seen.add(run.id);
    midway += (await lab.json("GET", `/sweeps/${id}`)).body.state === "running";
    await lab.stop("SIGKILL");
  }
  assert.ok(midway >= 10, `${midway} kills came mid-way`);
  const lab = await startLab({ folder });
  const sweep = async () => (await lab.json("GET", `/sweeps/${id}`)).body;
  await until(async () => (await sweep()).state === "finished", "the sweep's end");
  const done = await sweep();
  assert.equal(done.counts.finished, 36);
  assert.equal(done.launched, 36);
  const { runs } = (await lab.json("GET", `/sweeps/${id}/runs?limit=1000`)).body;
  assert.equal(runs.length, 36);
  const plans = runs.map(({ config }) => `${config.batch_size} ${config.lr} ${config.seed}`);
  assert.equal(new Set(plans).size, 36);
  for (const run of seen) assert.ok(runs.some((found) => found.id === run), `run ${run} is there`);
  for (const { id: run, config } of runs) assert.equal((await lab.points(run)).at(-1).epoch, config.epochs);
  assert.ok(done.wall_seconds > 0 && done.wall_seconds < 120);
  await lab.end();
  removeFolder(folder);
});

const ENDLESS = {
  base: { dataset: "moons", hidden: [8], epochs: 100000, eval_every: 500, stop_at_target: false },
  space: { lr: { values: [0.01, 0.02, 0.03, 0.05, 0.1, 0.2] } },
  parallel: 4,
};
const ROUNDS = 4;

/** A sweep of which two runs train and two wait, in a daemon that `kill` ends and starts again. */
async function openSweep() {
  const folder = makeFolder();
  const start = () => startLab({ folder, args: ["--workers", "2"] });
  let lab = await start();
  const { id } = (await lab.json("POST", "/sweeps", ENDLESS)).body;
  const look = async () => (await lab.json("GET", `/sweeps/${id}`)).body;
  const settle = () =>
    until(async () => {
      const { counts } = await look();
      return counts.running === 2 && counts.queued === 2;
    }, "two runs to train and two to wait");
  const act = async (verb, body = {}) => (await lab.json("POST", `/sweeps/${id}/${verb}`, body)).status;
  const kill = async () => {
    await lab.stop("SIGKILL");
    lab = await start();
  };
  const end = async () => {
    await lab.stop();
    removeFolder(folder);
  };
  await settle();
  return { id, folder, act, kill, look, settle, end, json: (...request) => lab.json(...request) };
}

/** Nothing lives on in a stopped sweep, trains in a paused one or is paused in a running one. */
function expectInLine({ state, counts }) {
  if (state === "running") assert.deepEqual([counts.paused, counts.stopped], [0, 0]);
  if (state === "paused") assert.deepEqual([counts.queued, counts.running, counts.paused], [0, 0, 4]);
  if (state === "stopped") assert.deepEqual([counts.queued, counts.running, counts.paused, counts.stopped], [0, 0, 0, 4]);
}

test("a sweep that was paused and one that goes on survive kills as what they are", { timeout: 120000 }, async () => {
  const sweep = await openSweep();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [verb, state] of [["pause", "paused"], ["resume", "running"]]) {
      assert.equal(await sweep.act(verb), 200);
      await sweep.kill();
      const found = await sweep.look();
      assert.equal(found.state, state);
      expectInLine(found);
    }
    await sweep.settle();
    // Paused, and on again before its trainers have heeded that.
    assert.deepEqual([await sweep.act("pause"), await sweep.act("resume")], [200, 200]);
    await sweep.kill();
    expectInLine(await sweep.look());
    await sweep.settle();
  }
  await sweep.end();
});

test("killed in the middle of a verb, a sweep and its runs have heard it or not", { timeout: 120000 }, async () => {
  const sweep = await openSweep();
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const answer = sweep.act("pause").catch(() => 0);
    await new Promise((resolve) => setTimeout(resolve, round / 2));
    await sweep.kill();
    await answer;
    const found = await sweep.look();
    expectInLine(found);
    if (found.state === "paused") await sweep.act("resume");
    await sweep.settle();
  }
  await sweep.end();
});

test("a stopped sweep leaves no run training behind a kill", { timeout: 120000 }, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const sweep = await openSweep();
    if (round % 2) await sweep.act("pause");
    assert.equal(await sweep.act("stop"), 200);
    await sweep.kill();
    const found = await sweep.look();
    assert.equal(found.state, "stopped");
    expectInLine(found);
    for (const run of (await sweep.json("GET", `/sweeps/${sweep.id}/runs`)).body.runs) assert.equal(run.stop_reason, "user");
    assert.equal(await sweep.act("resume"), 200);
    await sweep.kill();
    await until(async () => (await sweep.look()).counts.running === 2, "the rest of the plan");
    assert.equal((await sweep.look()).counts.stopped, 4);
    await sweep.end();
  }
});

test("an extension survives a kill, with the sweep running again", { timeout: 120000 }, async () => {
  const folder = makeFolder();
  let lab = await startLab({ folder });
  const { id } = (await lab.json("POST", "/sweeps", { ...SWEEP, max_runs: 2 })).body;
  const look = async () => (await lab.json("GET", `/sweeps/${id}`)).body;
  for (let total = 3; total < 3 + ROUNDS; total++) {
    await until(async () => (await look()).state === "finished", "the sweep's end");
    assert.equal((await lab.json("POST", `/sweeps/${id}/extend`, { max_runs: total })).status, 200);
    await lab.stop("SIGKILL");
    lab = await startLab({ folder });
    assert.equal((await look()).total_runs, total);
    await until(async () => (await look()).counts.finished === total, "the further run");
  }
  await lab.end();
  removeFolder(folder);
});

test("a deletion that was cut off is carried on by the next start", { timeout: 120000 }, async () => {
  const sweep = await openSweep();
  await sweep.act("stop");
  await until(async () => (await sweep.look()).counts.stopped === 4, "the runs to stop");
  const runs = (await sweep.json("GET", `/sweeps/${sweep.id}/runs`)).body.runs.map(({ id }) => id);
  await sweep.kill();
  // As the deletion leaves it after its first step.
  execFileSync("sqlite3", [`${sweep.folder}/sweetspot.db`, `.timeout 5000`, `UPDATE sweeps SET state = 4 WHERE id = ${sweep.id}`]);
  assert.equal((await sweep.json("GET", `/sweeps/${sweep.id}`)).status, 404);
  assert.equal((await sweep.json("POST", `/runs/${runs[0]}/resume`, {})).status, 404);
  await sweep.kill();
  await until(async () => (await sweep.json("GET", "/runs")).body.total === 0, "the rest to go");
  await until(() => runs.every((run) => !fs.existsSync(`${sweep.folder}/runs/${run}`)), "the files to follow");
  assert.equal((await sweep.json("GET", "/sweeps")).body.total, 0);
  await sweep.end();
});
