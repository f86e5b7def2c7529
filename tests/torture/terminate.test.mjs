// SIGTERM at random moments, with pages open, runs and a sweep going: the daemon ends with
// 0 and soon, the streams end, and every run goes on at the next start to the same bits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { MOONS, openStream, startLab, until } from "../http/client.mjs";
import { outcome } from "./outcome.mjs";
import { full, randomNumbers, report, times } from "./torture.mjs";

const TERMINATIONS = times(12, 200);
const STREAMS = 50;
const PROMISED_MS = 3000;
const CONFIG = { hidden: [32], epochs: 3, batch_size: 16, momentum: 0.5, eval_every: 97, test_samples: 500, validation_samples: 200, seed: 7, train_samples: 6000 };
const SWEEP = { base: { ...MOONS, epochs: 30, eval_every: 50 }, space: { lr: { values: [0.05, 0.1] } }, repeats: 2, parallel: 1 };

const isLive = ({ state }) => ["queued", "running", "paused"].includes(state);

/** Something to interrupt: a run and a sweep that are not done yet. */
async function keepBusy(lab, launched) {
  const last = launched.runs.at(-1);
  if (!last || !isLive(await lab.run(last))) launched.runs.push((await lab.launch(CONFIG)).id);
  const sweep = launched.sweeps.at(-1);
  if (!sweep || (await lab.json("GET", `/sweeps/${sweep}`)).body.state !== "running")
    launched.sweeps.push((await lab.json("POST", "/sweeps", SWEEP)).body.id);
}

async function terminate(lab) {
  const streams = await Promise.all(Array.from({ length: STREAMS }, () => openStream(lab.url)));
  assert.deepEqual(new Set(streams.map(({ status }) => status)), new Set([200]));
  return async function stop() {
    const begun = performance.now();
    const code = await lab.stop();
    const took = performance.now() - begun;
    await until(() => streams.every(({ ended }) => ended), "all streams to end");
    return { code, took };
  };
}

async function expectAllEnd(lab, launched, expected) {
  for (const id of launched.runs) assert.deepEqual(await outcome(lab, id), expected, `run ${id}`);
  for (const id of launched.sweeps) {
    await until(async () => (await lab.json("GET", `/sweeps/${id}`)).body.state === "finished", `sweep ${id}`);
    const { runs } = (await lab.json("GET", `/runs?sweep=${id}`)).body;
    assert.deepEqual(runs.map(({ state }) => state), Array(4).fill("finished"));
  }
}

test(`${TERMINATIONS} times SIGTERM with ${STREAMS} streams`, { timeout: 590000 }, async () => {
  const calm = await startLab();
  const expected = await outcome(calm, (await calm.launch(CONFIG)).id);
  assert.match(expected.state, /^finished/);
  await calm.end();

  const folder = makeFolder();
  const random = randomNumbers(20261124);
  const launched = { runs: [], sweeps: [] };
  const seconds = [];
  for (let i = 0; i < TERMINATIONS; i++) {
    const lab = await startLab({ folder });
    await keepBusy(lab, launched);
    const stop = await terminate(lab);
    await new Promise((resolve) => setTimeout(resolve, random() * 150));
    const { code, took } = await stop();
    assert.equal(code, 0);
    if (full) assert.ok(took < PROMISED_MS, `took ${took} ms`);
    seconds.push(took);
  }
  const lab = await startLab({ folder });
  await expectAllEnd(lab, launched, expected);
  assert.equal(await lab.stop(), 0);
  removeFolder(folder);
  seconds.sort((a, b) => a - b);
  report("SIGTERM", [
    `${TERMINATIONS} times with ${STREAMS} open streams, a run and a sweep going: exit code 0 each time, median ${Math.round(seconds[TERMINATIONS >> 1])} ms, slowest ${Math.round(seconds.at(-1))} ms (promised: ${PROMISED_MS})`,
    `all ${launched.runs.length} runs went on to the bits of an undisturbed one, all ${launched.sweeps.length} sweeps to their end`,
  ]);
});
