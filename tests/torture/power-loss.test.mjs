// The power goes: recorded daemons' disks as they may be left at any moment, with what was
// not synced gone, there or torn. On each a daemon starts: what a client had been told by
// then is there; runs go on by themselves, to the same bits as undisturbed ones. Where a
// sync is taken for nothing, the same checks find losses.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { MOONS, startLab, until } from "../http/client.mjs";
import { outcome } from "./outcome.mjs";
import { makeOld, migrate, versions } from "./old-stores.mjs";
import { Recording } from "./recording.mjs";
import { Disk, pick, readRecords, readTree } from "./replay-disk.mjs";
import { examine } from "./store.mjs";
import { full, randomNumbers, report, times } from "./torture.mjs";

const IMAGES = times(32, 2000);
/** Sessions are recorded anew after so many: no two come to the same order. */
const IMAGES_A_RECORDING = 100;
const AT_ONCE = 2;
const PROMISED_S = 2;
const RUNNING = 1; /* in the store */
const RUN = { ...MOONS, hidden: [32], epochs: 250, batch_size: 16, momentum: 0.5, eval_every: 397, seed: 7, stop_at_target: false };
const OTHER = { ...RUN, seed: 8 };
const LARGE = { ...RUN, hidden: [256, 256], epochs: 16, batch_size: 64, eval_every: 20 };
const SWEEP = { base: { ...MOONS, epochs: 12, eval_every: 20 }, space: { lr: { values: [0.05, 0.1, 0.2] }, batch_size: { values: [20, 50] } }, parallel: 2 };
const SWEEP_RUNS = 6;
const TABLE = `x,y,kind\n${"1,2,a\n3,4,b\n5,7,c\n".repeat(9)}`;
const OWN = { hidden: [4], epochs: 2, batch_size: 8 };
/** Enough long notes to fill the store's log, so that it is written back and begun anew. */
const RENAMES = 220;
const LONG_LOG = "a sweep, and more words than the store's log holds";

/** What recorded daemons do, and the share of images made of it. */
const sessions = {
  "own datasets": [0.05, async (recording) => {
    await recording.start();
    for (const name of ["a", "b", "c"]) {
      await recording.bringIn(name, TABLE);
      const run = await recording.launch({ ...OWN, dataset: name });
      await recording.finish(run);
      if (name === "b") await recording.remove(run);
      if (name === "b") await recording.forget(name);
    }
    await recording.end();
  }],
  runs: [0.25, async (recording) => {
    await recording.start();
    const [first, second] = [await recording.launch(RUN), await recording.launch(OTHER)];
    await recording.rename(first, "first", "said while it trains");
    await recording.reach(first, 397);
    await recording.list(first);
    await recording.rename(first, "first of all", "");
    await recording.finish(first);
    await recording.list(second);
    await recording.remove(first);
    await recording.launch(RUN);
    await recording.finish(second);
    await recording.end();
  }],
  restarts: [0.25, async (recording) => {
    await recording.start();
    const run = await recording.launch(RUN);
    await recording.reach(run, 397);
    await recording.end("SIGKILL");
    await recording.start();
    await recording.reach(run, 4 * 397);
    const other = await recording.launch(OTHER);
    await recording.end("SIGTERM");
    await recording.start();
    await recording.order(other, "pause", "paused");
    await recording.lab.waitFor(other, "paused");
    await recording.order(other, "resume", null);
    await recording.reach(other, 397);
    await recording.finish(other);
    await recording.end();
  }],
  "large networks": [0.15, async (recording) => {
    await recording.start();
    const run = await recording.launch(LARGE);
    await recording.finish(run);
    await recording.end();
  }],
  [LONG_LOG]: [0.2, async (recording) => {
    await recording.start();
    const run = await recording.launch(RUN);
    await recording.sweep(SWEEP);
    for (let i = 0; i < RENAMES; i++) await recording.rename(run, `name ${i}`, `${i} `.repeat(2000));
    await recording.finish(run);
    await recording.end("SIGKILL");
  }],
};

/** Records a session; a replay of all of it has to give the folder, or a call was missed. */
async function record(session, prepare = () => {}) {
  const recording = new Recording();
  prepare(recording.folder);
  const tree = readTree(recording.root);
  await session(recording).finally(() => recording.lab?.stop("SIGKILL"));
  const records = [...readRecords(fs.readFileSync(recording.logFile))];
  const disk = new Disk(tree);
  for (const step of records) disk.replay(step);
  disk.expectSame();
  recording.clear();
  return { tree, records, facts: recording.facts };
}

/**
 * When the power goes, in order: upon something that a client was told, right before a
 * sync, when most is at stake, or at any record.
 */
function chooseMoments({ records, facts }, count, random) {
  const syncs = records.flatMap(({ kind }, i) => (kind === "sync" && i > 0 ? [records[i - 1].end] : []));
  const kinds = [facts.map(({ at }) => at), syncs, records.map(({ end }) => end)].filter(({ length }) => length);
  return Array.from({ length: count }, (_, i) => pick(random, kinds[i % kinds.length])).sort((a, b) => a - b);
}

/** Folders that the disk may show after a power loss, each with the moment. */
function* makeImages(recorded, count, random, { trusts, always } = {}) {
  const disk = new Disk(recorded.tree, trusts);
  let next = 0;
  let made = 0;
  for (const moment of chooseMoments(recorded, count, random)) {
    while (recorded.records[next]?.end <= moment) disk.replay(recorded.records[next++]);
    const style = always ?? (made % 4 === 0 ? "dropped" : made % 16 === 1 ? "kept" : "torn");
    const root = makeFolder();
    disk.writeImage(root, { style, random });
    yield { root, folder: path.join(root, "lab", "data"), moment, style, number: made++ };
  }
}

/** What of a session a client knew at a moment, and what may have become of it since. */
function makeKnowledge(facts, moment) {
  const told = facts.filter(({ at }) => at <= moment);
  const begun = facts.filter(({ at, asked }) => at > moment && asked < moment);
  const of = (list, what) => list.filter((fact) => fact.what === what);
  const is = (list, id) => list.some((fact) => fact.id === id);
  return {
    points: of(told, "point"),
    datasets: of(told, "dataset").filter(({ id }) => !is(of(told, "forgotten"), id) && !is(of(begun, "forgotten"), id)),
    forgotten: of(told, "forgotten").map(({ id }) => id),
    sweeps: of(told, "sweep").map(({ id }) => id),
    deleted: of(told, "deleted").map(({ id }) => id),
    runs: [...new Set(told.filter(({ what }) => what === "run" || what === "point").map(({ id }) => id))].filter((id) => !is(of(told, "deleted"), id)),
    mayBeGone: (id) => is(of(begun, "deleted"), id),
    /** The words that the run may have; null: any. */
    words: (id) => {
      const last = of(told, "words").findLast((fact) => fact.id === id);
      return last ? [last, ...of(begun, "words").filter((fact) => fact.id === id)].map(({ words }) => words) : null;
    },
    /** The state it was ordered to be in; null: none. */
    ordered: (id) => (is(of(begun, "ordered"), id) ? null : of(told, "ordered").findLast((fact) => fact.id === id)?.state),
  };
}

/** Those that were brought in are there; one that is there, told of or not, is whole. */
async function expectDatasets(lab, known) {
  const own = (await lab.json("GET", "/datasets")).body.datasets.filter(({ uploaded }) => uploaded).map(({ name }) => name);
  for (const { id, dataset } of known.datasets) assert.deepEqual((await lab.json("GET", `/datasets/${id}`)).body, dataset, `dataset ${id} is as it was`);
  for (const id of known.forgotten) assert.ok(!own.includes(id), `dataset ${id} stays deleted`);
  for (const name of own) assert.ok((await lab.json("GET", `/datasets/${name}`)).body.class_counts, `dataset ${name} is whole`);
}

async function expectKept(lab, known) {
  const steps = new Map();
  for (const id of known.deleted) assert.equal((await lab.json("GET", `/runs/${id}`)).status, 404, `run ${id} stays deleted`);
  for (const id of known.runs) {
    const { status, body } = await lab.json("GET", `/runs/${id}`);
    if (status === 404 && known.mayBeGone(id)) continue;
    assert.equal(status, 200, `run ${id} is there`);
    const { name, notes, state } = body;
    const words = known.words(id);
    if (words) assert.ok(words.some((words) => words.name === name && words.notes === notes), `run ${id} is named as it was: ${name}`);
    if (known.ordered(id)) assert.ok([known.ordered(id), "finished"].includes(state), `run ${id} heeds its order: ${state}`);
    steps.set(id, new Map((await lab.points(id)).map((point) => [point.step, point])));
  }
  for (const { id, point } of known.points) if (steps.has(id)) assert.deepEqual(steps.get(id).get(point.step), point, `run ${id}'s point at step ${point.step} is as it was seen`);
  await expectDatasets(lab, known);
  for (const id of known.sweeps) assert.equal((await lab.json("GET", `/sweeps/${id}`)).status, 200, `sweep ${id} is there`);
}

/** The part of a config that decides what a run comes to. */
const keyOf = ({ name, tags, notes, ...config }) => JSON.stringify(config);

const allRuns = async (lab) => (await lab.json("GET", "/runs?limit=1000")).body.runs;

/** All runs that are there, seen or not, end as undisturbed ones do. */
async function expectSameBits(lab, expected) {
  for (const { id } of (await lab.json("GET", "/sweeps")).body.sweeps) {
    await until(async () => (await lab.json("GET", `/sweeps/${id}`)).body.state === "finished", `sweep ${id}`);
    assert.equal((await lab.json("GET", `/runs?sweep=${id}`)).body.runs.length, SWEEP_RUNS);
  }
  const runs = await allRuns(lab);
  for (const { id, state } of runs) if (state === "paused") assert.equal((await lab.json("POST", `/runs/${id}/resume`, {})).status, 200);
  for (const { id, config } of runs) assert.deepEqual(await outcome(lab, id), expected.get(keyOf(config)), `run ${id}`);
  return runs.length;
}

/** Seconds until the runs that were training do so again. */
async function resume(folder, left) {
  const begun = performance.now();
  const lab = await startLab({ folder });
  for (const [id, { state }] of left) if (state === RUNNING) await until(async () => (await lab.run(id)).state !== "queued", `run ${id} to be taken up`);
  return { lab, seconds: (performance.now() - begun) / 1000 };
}

/** All promises, on one image. */
async function check({ folder, moment }, { facts }, expected) {
  const known = makeKnowledge(facts, moment);
  const left = examine(folder);
  for (const { id, point } of known.points)
    if (known.runs.includes(id) && !known.mayBeGone(id)) assert.ok(left.get(id)?.step >= point.step, `no step of run ${id} that was seen is trained again`);
  const { lab, seconds } = await resume(folder, left);
  try {
    await expectKept(lab, known);
    const runs = await expectSameBits(lab, expected);
    assert.equal(await lab.stop(), 0);
    return { seconds, runs, points: known.points.length };
  } finally {
    await lab.stop("SIGKILL");
  }
}

/** What undisturbed runs come to, by their config. */
async function findExpected() {
  const lab = await startLab();
  for (const config of [RUN, OTHER, LARGE]) await outcome(lab, (await lab.launch(config)).id);
  for (const dataset of ["a", "b", "c"]) {
    assert.equal((await lab.upload({ name: dataset, train: TABLE })).status, 201);
    await outcome(lab, (await lab.launch({ ...OWN, dataset })).id);
  }
  const { id } = (await lab.json("POST", "/sweeps", SWEEP)).body;
  await until(async () => (await lab.json("GET", `/sweeps/${id}`)).body.state === "finished", "the sweep");
  const expected = new Map();
  for (const { id: run, config } of await allRuns(lab)) expected.set(keyOf(config), await outcome(lab, run));
  assert.equal(expected.size, 6 + SWEEP_RUNS);
  await lab.end();
  return expected;
}

/** Checks images, a few at once; one that fails is kept. */
async function checkAll(images, look) {
  const results = [];
  const work = async () => {
    for (const image of images) {
      try {
        results.push({ ...image, ...(await look(image)) });
      } catch (error) {
        error.message += ` (image ${image.number}, ${image.style}, at ${image.moment} of the log: ${image.root})`;
        throw error;
      }
      removeFolder(image.root);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

let seed = 20261129;
const newRandom = () => randomNumbers(seed++);

/** Looks at `count` images of recordings that `make` gives. */
async function torture(count, make, look) {
  const results = [];
  let recordings = 0;
  for (let left = count; left > 0; left -= IMAGES_A_RECORDING) {
    const recorded = await make();
    recordings++;
    results.push(...(await checkAll(makeImages(recorded, Math.min(left, IMAGES_A_RECORDING), newRandom()), (image) => look(image, recorded))));
  }
  return { results, recordings };
}

const sum = (items, value) => items.reduce((total, item) => total + value(item), 0);

const summary = [];

/** A line for the report: how many images there were, of which kind. */
function count(title, { results, recordings }) {
  const of = (style) => results.filter((image) => image.style === style).length;
  summary.push(`${title}: ${results.length} images of ${recordings} recordings; what was not synced: in ${of("dropped")} dropped, in ${of("kept")} kept, in ${of("torn")} some of it there, dropped or torn`);
}

/** Whether a record writes the header of the store's log. */
const beginsLog = ({ kind, offset, data }) => kind === "write" && offset === 0 && data.length === 32;

const expected = findExpected();
/** The first recording of each session, which the blind disks are shown too. */
const firsts = {};
const all = [];

for (const [title, [share, session]] of Object.entries(sessions))
  test(`power loss: ${title}`, { timeout: 1800000 }, async () => {
    const bits = await expected;
    const make = async () => {
      const recorded = await record(session);
      if (title === LONG_LOG) assert.ok(recorded.records.filter(beginsLog).length > 1, "the log was begun anew");
      firsts[title] ??= recorded;
      return recorded;
    };
    const outcomes = await torture(Math.round(share * IMAGES), make, (image, recorded) => check(image, recorded, bits));
    all.push(...outcomes.results);
    count(title, outcomes);
  });

for (const version of versions)
  test(`power loss: a migration of ${version}`, { timeout: 1800000 }, async () => {
    const calm = makeFolder();
    makeOld(calm, version);
    const contents = await migrate(calm);
    removeFolder(calm);
    const prepare = (folder) => {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      makeOld(folder, version);
    };
    const session = async (recording) => {
      await recording.start();
      await recording.end();
    };
    const outcomes = await torture(Math.round((0.1 * IMAGES) / versions.length), () => record(session, prepare), async ({ folder }) => {
      examine(folder);
      assert.equal(await migrate(folder), contents, "as an undisturbed migration makes it");
    });
    count(`a migration of ${version}`, outcomes);
  });

/** Disks that take a sync for nothing, and what is recorded on them. */
const blind = {
  "the store's log": ["runs", (file) => !file.endsWith("-wal")],
  "the store's file": [LONG_LOG, (file) => !file.endsWith("sweetspot.db")],
  checkpoints: ["large networks", (file) => !file.includes("checkpoint-")],
  "the files of datasets": ["own datasets", (file) => !/\.incoming-\w+\/./.test(file) && !/datasets\/[abc]\//.test(file)],
  "folders of datasets": ["own datasets", (file) => !/datasets(\/[^/]+)?$/.test(file)],
  "folders of checkpoints": ["large networks", (file) => !/runs(\/\d+)?$/.test(file)],
  "the folders above the data folder": ["restarts", (file) => !["", "lab"].includes(file)],
};

const isLoss = (error) => error instanceof assert.AssertionError || /the daemon ended/.test(error.message);

for (const [what, [title, trusts]] of Object.entries(blind))
  test(`not synced, ${what} would be lost, and that is noticed`, { timeout: 300000 }, async (t) => {
    const bits = await expected;
    const recorded = firsts[title];
    let found = null;
    for (const image of makeImages(recorded, 12, newRandom(), { trusts, always: "dropped" })) {
      found = await check(image, recorded, bits).then(() => null, (error) => error);
      removeFolder(image.root);
      if (found) break;
    }
    assert.ok(found && isLoss(found), `a loss is found: ${found}`);
    t.diagnostic(found.message.split("\n")[0]);
  });

test(`taken up again within ${PROMISED_S} s`, { skip: !full }, () => {
  const seconds = all.map((image) => image.seconds).sort((a, b) => a - b);
  assert.ok(seconds.at(-1) < PROMISED_S, `took ${seconds.at(-1)} s`);
  report("Power loss", [
    ...summary,
    `${sum(all, ({ points }) => points)} times a point that a client had seen by then was looked for, 0 lost or changed; integrity_check ok on each image; no step at or before a point that was seen is trained again`,
    `${sum(all, ({ runs }) => runs)} runs ended with the weights, points, steps and layers of undisturbed ones; what was created, renamed, paused and deleted was found so`,
    `taken up again in ${seconds[seconds.length >> 1].toFixed(2)} s (median), ${seconds.at(-1).toFixed(2)} s (slowest; promised: ${PROMISED_S})`,
    `where the disk takes a sync for nothing, of ${Object.keys(blind).join(", of ")}, the same checks find a loss`,
  ]);
});
