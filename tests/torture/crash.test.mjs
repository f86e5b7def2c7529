// kill -9, at random moments and around system calls, with a run and sweeps going: what a
// client saw is there, as it was; runs go on by themselves, and end with the same bits as
// those that nobody killed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { MOONS, openStream, startLab, until } from "../http/client.mjs";
import { outcome } from "./outcome.mjs";
import { examine } from "./store.mjs";
import { full, library, randomNumbers, report, times } from "./torture.mjs";

const RANDOM_KILLS = times(15, 500);
const CALLS = ["write", "sync", "commit", "rename", "unlink"];
const PLACES = times([2, 7], [1, 2, 3, 5, 8, 13, 21, 34, 55, 89]);
const PROMISED_S = 2;
const RUN = { hidden: [32], epochs: 4, batch_size: 16, momentum: 0.5, eval_every: 97, test_samples: 500, validation_samples: 200, train_samples: 6000, seed: 7 };
const SWEEP = { base: { ...MOONS, epochs: 12, eval_every: 20 }, space: { lr: { values: [0.05, 0.1, 0.2] }, batch_size: { values: [20, 50] } }, parallel: 1 };
const SWEEP_RUNS = 6;

const keyOf = ({ lr, batch_size }) => `${lr} ${batch_size}`;

/** What undisturbed runs come to: the single one, and those of a sweep by their config. */
async function findExpected() {
  const lab = await startLab();
  const expected = { run: await outcome(lab, (await lab.launch(RUN)).id), sweep: {} };
  const { id } = (await lab.json("POST", "/sweeps", SWEEP)).body;
  await until(async () => (await lab.json("GET", `/sweeps/${id}`)).body.state === "finished", "the sweep");
  for (const { id: run, config } of (await lab.json("GET", `/runs?sweep=${id}`)).body.runs) expected.sweep[keyOf(config)] = await outcome(lab, run);
  assert.equal(Object.keys(expected.sweep).length, SWEEP_RUNS);
  await lab.end();
  return expected;
}

/** A client's memory over all daemons: what it launched, and each point that it saw. */
function makeWitness() {
  const seen = new Map();
  const note = (run, point) => seen.set(`${run} ${point.step}`, { run, point });
  return {
    runs: [],
    sweeps: [],
    seen,
    note,
    noteEvents: (stream) => stream.events.filter(({ event }) => event === "point").forEach(({ data }) => note(data.run, data.point)),
    lastStep: (run) => Math.max(-1, ...[...seen.values()].filter((entry) => entry.run === run).map(({ point }) => point.step)),
  };
}

/** A run and a sweep to be interrupted; what was answered with 201 has to be there for good. */
async function keepBusy(lab, witness) {
  const run = witness.runs.at(-1);
  if (!run || (await lab.run(run)).state === "finished") witness.runs.push((await lab.launch(RUN)).id);
  const sweep = witness.sweeps.at(-1);
  if (!sweep || (await lab.json("GET", `/sweeps/${sweep}`)).body.state === "finished") witness.sweeps.push((await lab.json("POST", "/sweeps", SWEEP)).body.id);
}

/** Watches a daemon with a run and a sweep until `kill` has ended it. */
async function watchUntilKilled(lab, witness, kill) {
  const stream = await openStream(lab.url).catch(() => null);
  const listed = [];
  const look = async () => {
    await keepBusy(lab, witness);
    const run = witness.runs.at(-1);
    listed.push(...(await lab.points(run)).map((point) => ({ run, point })));
  };
  let killed = false;
  const looking = (async () => {
    while (!killed) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  })().catch(() => {}); // it is killed meanwhile
  await kill();
  killed = true;
  await looking;
  await stream?.close();
  for (const { run, point } of listed) witness.note(run, point);
  if (stream) witness.noteEvents(stream);
}

/** Starts the next daemon on what is left; how long until the run trains again. */
async function restart(folder, witness, options) {
  const run = witness.runs.at(-1);
  const left = examine(folder);
  if (run) assert.ok(left.get(run)?.step >= witness.lastStep(run), "no step that was seen is trained again");
  const begun = performance.now();
  const lab = await startLab({ folder, ...options });
  if (run) await until(async () => !["queued", "paused"].includes((await lab.run(run)).state), "the run to be taken up");
  return { lab, seconds: (performance.now() - begun) / 1000 };
}

async function expectNothingLost(lab, witness, expected) {
  for (const id of witness.runs) assert.deepEqual(await outcome(lab, id), expected.run, `run ${id}`);
  for (const id of witness.sweeps) {
    await until(async () => (await lab.json("GET", `/sweeps/${id}`)).body.state === "finished", `sweep ${id}`);
    const { runs } = (await lab.json("GET", `/runs?sweep=${id}`)).body;
    assert.equal(runs.length, SWEEP_RUNS);
    for (const { id: run, config } of runs) assert.deepEqual(await outcome(lab, run), expected.sweep[keyOf(config)], `run ${run}`);
  }
  const points = new Map();
  for (const { run, point } of witness.seen.values()) {
    if (!points.has(run)) points.set(run, new Map((await lab.points(run)).map((found) => [found.step, found])));
    assert.deepEqual(points.get(run).get(point.step), point, `run ${run}'s point at step ${point.step} is as it was seen`);
  }
}

/** Ends the daemon by a signal after a random time. */
const atRandom = (random) => ({
  options: {},
  kill: (lab) => async () => {
    await new Promise((resolve) => setTimeout(resolve, random() * 200));
    await lab.stop("SIGKILL");
  },
});

let missed = 0;

/** Ends it at a system call; by a signal where it has not made so many. */
const atCall = (folder, call, when, place) => ({
  options: { env: { LD_PRELOAD: library("kill"), KILL_FOLDER: folder, KILL_CALL: call, KILL_WHEN: when, KILL_AT: String(place) } },
  kill: (lab) => async () => {
    const timer = setTimeout(() => {
      missed++;
      lab.stop("SIGKILL");
    }, times(1500, 6000));
    await lab.ended;
    clearTimeout(timer);
  },
});

async function torture(title, plans) {
  const expected = await findExpected();
  const folder = makeFolder();
  const witness = makeWitness();
  const seconds = [];
  let killedAtStart = 0;
  for (const plan of plans(folder)) {
    const started = await restart(folder, witness, plan.options).catch((error) => {
      if (error instanceof assert.AssertionError) throw error;
      return null;
    });
    if (!started) {
      killedAtStart++; // before it listened: the next one has to cope
      continue;
    }
    seconds.push(started.seconds);
    await watchUntilKilled(started.lab, witness, plan.kill(started.lab));
  }
  const { lab } = await restart(folder, witness, {});
  await expectNothingLost(lab, witness, expected);
  assert.ok(witness.seen.size > 0);
  assert.ok(missed < seconds.length / 4, `${missed} system calls were never made`);
  assert.equal(await lab.stop(), 0);
  removeFolder(folder);
  seconds.sort((a, b) => a - b);
  const slowest = seconds.at(-1);
  if (full) assert.ok(slowest < PROMISED_S, `took ${slowest} s`);
  report(title, [
    `${seconds.length + killedAtStart} kills, ${killedAtStart} of them before the daemon listened${missed ? `, ${missed} after waiting in vain for so many calls` : ""}`,
    `${witness.seen.size} points that a client saw, 0 lost or changed; integrity_check ok after each kill; no step at or before a point that was seen is trained again`,
    `${witness.runs.length} runs and ${witness.sweeps.length} sweeps of ${SWEEP_RUNS} ended with the weights, points, steps and layers of undisturbed ones`,
    `taken up again in ${seconds[seconds.length >> 1].toFixed(2)} s (median), ${slowest.toFixed(2)} s (slowest; promised: ${PROMISED_S})`,
  ]);
}

test(`${RANDOM_KILLS} kills at random moments`, { timeout: 1200000 }, () => {
  const random = randomNumbers(20261123);
  return torture("Kills at random moments", () => Array.from({ length: RANDOM_KILLS }, () => atRandom(random)));
});

test(`${CALLS.length * 2 * PLACES.length} kills around system calls`, { timeout: 1200000 }, () =>
  torture("Kills around system calls", (folder) => CALLS.flatMap((call) => ["before", "after"].flatMap((when) => PLACES.map((place) => atCall(folder, call, when, place))))),
);
