// kill -9 at random moments: the run goes on by itself and ends with the same bits as one
// that nobody killed, and no point that a client saw is missing.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { openStream, startLab, until } from "../http/client.mjs";

const KILLS = 20;
const CONFIG = { hidden: [32], epochs: 3, batch_size: 16, momentum: 0.5, eval_every: 97, test_samples: 500, validation_samples: 200, seed: 7 };

/** A fixed sequence of numbers in [0, 1), so that a failure can be seen again. */
function randomNumbers(seed) {
  let state = seed;
  return () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648);
}

/** Times differ from run to run; everything else must not. */
const withoutTimes = ({ train_seconds, cpu_seconds, wall_time, ...rest }) => rest;

async function outcome(lab, id) {
  const done = await lab.waitFor(id, "finished");
  const points = (await lab.points(id)).map(withoutTimes);
  const digest = async (which) =>
    createHash("sha256").update(Buffer.from(await (await lab.request("GET", `/runs/${id}/model.safetensors?which=${which}`)).arrayBuffer())).digest("hex");
  const steps = (await lab.json("GET", `/runs/${id}/steps?max=100000`)).body.steps;
  const layers = (await lab.json("GET", `/runs/${id}/layers`)).body.layers;
  return { points, last: await digest("last"), best: await digest("best"), steps, layers, stop: done.stop_reason };
}

test("a run survives 20 kills", { timeout: 240000 }, async () => {
  const calm = await startLab();
  const expected = await outcome(calm, (await calm.launch(CONFIG)).id);
  await calm.end();

  const folder = makeFolder();
  const random = randomNumbers(20261123);
  const seen = new Map(); // by run, then by step
  let id = null;
  let died = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const lab = await startLab({ folder });
    const stream = await openStream(lab.url);
    // A run that is done makes way for a fresh one, so that every kill meets one.
    if (id === null || (await lab.run(id)).state === "finished") {
      ({ id } = await lab.launch(CONFIG));
      seen.set(id, new Map());
    }
    await new Promise((resolve) => setTimeout(resolve, random() * 160));
    const listed = await lab.points(id);
    await lab.stop("SIGKILL");
    await stream.close();
    died++;
    const note = (run, point) => seen.get(run).set(point.step, point);
    for (const point of listed) note(id, point);
    for (const event of stream.events) if (event.event === "point") note(event.data.run, event.data.point);
  }
  assert.equal(died, KILLS);

  const lab = await startLab({ folder });
  const runs = (await lab.json("GET", "/runs?limit=100")).body.runs;
  assert.equal(runs.length, seen.size);
  for (const run of runs) {
    assert.deepEqual(await outcome(lab, run.id), expected, `run ${run.id}`);
    const final = new Map((await lab.points(run.id)).map((point) => [point.step, point]));
    for (const [step, point] of seen.get(run.id))
      assert.deepEqual(final.get(step), point, `run ${run.id}'s point at step ${step} is as it was seen`);
  }
  assert.ok([...seen.values()].some((points) => points.size > 0));
  await until(async () => (await lab.json("GET", "/healthz")).status === 200, "health");
  await lab.end();
  removeFolder(folder);
});
