// The system's clock jumps, by an hour and by ten years, forward and back, while a run and
// a sweep go on, while they wait, and between two starts: nothing lasts less than nothing,
// nothing is over because of it, and streams live.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { MOONS, openStream, startLab, until } from "../http/client.mjs";
import { outcome } from "./outcome.mjs";
import { library, report, times } from "./torture.mjs";

const HOUR = 3600;
const YEARS = 10 * 365 * 24 * HOUR;
const JUMPS = [HOUR, -HOUR, YEARS, -YEARS, -YEARS, YEARS];
const ROUNDS = times(1, 10);
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const RUN = { ...MOONS, hidden: [16, 16], epochs: 60, eval_every: 40, seed: 5 };
const BUDGET_S = 3000;
const SWEEP = { base: { ...MOONS, epochs: 20 }, space: { lr: { values: [0.05, 0.1, 0.2] } }, parallel: 1, time_budget_s: BUDGET_S };

/** A clock that a test sets: by how many seconds it is off. */
function makeClock(folder) {
  const file = path.join(folder, "clock");
  const set = (seconds) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds));
    fs.writeFileSync(file, bytes, { flag: fs.existsSync(file) ? "r+" : "w" });
  };
  set(0);
  return { set, env: { LD_PRELOAD: library("clock"), CLOCK_FILE: file } };
}

const at = (text) => {
  assert.match(text, RFC3339);
  return Date.parse(text);
};

/** Every duration that an object tells, however deep. */
function* durations(value, name = "") {
  if (/(seconds|_s)$/.test(name) && value !== null) yield [name, value];
  if (value && typeof value === "object") for (const [key, inner] of Object.entries(value)) yield* durations(inner, key);
}

let checked = 0;
function expectDurations(object, most) {
  for (const [name, value] of durations(object)) {
    if (typeof value !== "number") continue;
    assert.ok(value >= 0 && value <= most, `${name} is ${value}`);
    checked++;
  }
}

function expectOrder({ created_at, started_at, finished_at }) {
  if (started_at) assert.ok(at(started_at) >= at(created_at), `started ${started_at}, created ${created_at}`);
  if (finished_at) assert.ok(at(finished_at) >= at(started_at ?? created_at), `ended ${finished_at}, started ${started_at}`);
}

async function expectSane(lab) {
  const { runs } = (await lab.json("GET", "/runs?limit=1000")).body;
  for (const run of runs) {
    expectOrder(run);
    expectDurations({ ...run, config: null }, 600);
  }
  assert.deepEqual(runs.map(({ id }) => id), runs.map(({ id }) => id).sort((a, b) => b - a), "newest first");
  for (const sweep of (await lab.json("GET", "/sweeps")).body.sweeps) {
    expectOrder(sweep);
    expectDurations({ ...sweep, base: null, spec: null, time_budget_s: null }, 600);
  }
  expectDurations((await lab.json("GET", "/system")).body, 1e9);
  assert.ok((await lab.json("GET", "/system")).body.uptime_seconds < 600);
}

test("jumps of the clock while everything goes on", { timeout: 590000 }, async () => {
  const [folder, own] = [makeFolder(), makeFolder()];
  const clock = makeClock(own);
  let lab = await startLab({ folder, env: clock.env });
  const expected = await outcome(lab, (await lab.launch(RUN)).id);
  let offset = 0;
  for (let round = 0; round < ROUNDS; round++)
    for (const jump of JUMPS) {
      const stream = await openStream(lab.url);
      const { id } = await lab.launch(RUN);
      const sweep = (await lab.json("POST", "/sweeps", SWEEP)).body.id;
      await until(async () => (await lab.points(id)).length > 2, "points");
      clock.set((offset += jump));
      await expectSane(lab);
      assert.deepEqual(await outcome(lab, id), expected);
      await until(async () => (await lab.json("GET", `/sweeps/${sweep}`)).body.state === "finished", "the sweep");
      assert.equal((await lab.json("GET", `/sweeps/${sweep}`)).body.stop_reason, "runs_done", "its time is not over");
      assert.equal((await lab.json("GET", `/runs?sweep=${sweep}`)).body.runs.length, 3);
      await expectSane(lab);
      const steps = stream.events.filter(({ event, data }) => event === "point" && data.run === id).map(({ data }) => data.point.step);
      assert.deepEqual(steps, expected.points.map(({ step }) => step), "every point once and in order");
      await stream.close();
    }
  // Between two starts, with a run and a sweep on their way.
  for (const jump of JUMPS) {
    const { id } = await lab.launch({ ...RUN, epochs: 200 });
    const sweep = (await lab.json("POST", "/sweeps", SWEEP)).body.id;
    assert.equal(await lab.stop(), 0);
    clock.set((offset += jump));
    lab = await startLab({ folder, env: clock.env });
    await expectSane(lab);
    await lab.waitFor(id, "finished");
    await until(async () => (await lab.json("GET", `/sweeps/${sweep}`)).body.state === "finished", "the sweep");
    assert.equal((await lab.json("GET", `/sweeps/${sweep}`)).body.stop_reason, "runs_done");
    await expectSane(lab);
  }
  assert.equal(await lab.stop(), 0);
  removeFolder(folder);
  removeFolder(own);
  report("Clock jumps", [`${(ROUNDS + 1) * JUMPS.length} jumps of an hour and of ten years, forward and back, with a run, a sweep with a time budget and a stream: ${checked} durations looked at, none negative or longer than the test; all runs ended with the same bits`]);
});

test("heartbeats and deadlines go on when the clock is set back by years", { timeout: 90000 }, async () => {
  const [folder, own] = [makeFolder(), makeFolder()];
  const clock = makeClock(own);
  const lab = await startLab({ folder, env: clock.env });
  const stream = await openStream(lab.url);
  clock.set(-YEARS);
  const before = stream.comments.length;
  await until(() => stream.comments.length > before, "a heartbeat");
  await stream.close();
  assert.equal(await lab.stop(), 0);
  removeFolder(folder);
  removeFolder(own);
});
