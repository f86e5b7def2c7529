// kill -9 at random moments in a sweep: every planned run is there once, and ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { startLab, until } from "./client.mjs";

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
