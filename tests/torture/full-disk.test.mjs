// A data folder of 8 MiB that fills up: what is there can be read, nothing can be written,
// runs and sweeps wait, and all go on by themselves once there is room.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { closeBrowser, launchBrowser } from "../web/browser.mjs";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { MOONS, openStream, startLab, until } from "../http/client.mjs";
import { outcome } from "./outcome.mjs";
import { report, times } from "./torture.mjs";

after(closeBrowser);

const ROUNDS = times(1, 20);
const BYTES = 8 << 20;
const LONG = { ...MOONS, hidden: [32, 32], epochs: 1000, eval_every: 40, seed: 3 };
const SWEEP = { base: { ...MOONS, epochs: 4 }, space: { lr: { values: [0.05, 0.1, 0.2, 0.4] } }, repeats: 2, parallel: 1 };

/** A folder on a disk of its own until the test ends; null where that is not allowed. */
function makeDisk(context) {
  const folder = makeFolder();
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${BYTES},mode=0700`, "tmpfs", folder]);
  context.after(() => {
    if (status === 0) execFileSync("umount", ["--lazy", folder]);
    removeFolder(folder);
  });
  if (status !== 0) context.skip("only root may mount a disk");
  return status === 0 ? folder : null;
}

/** Takes all the room there is, to the last byte. */
function fill(folder) {
  const file = fs.openSync(path.join(folder, "filler"), "a");
  for (const size of [65536, 4096])
    for (let room = true; room; )
      try {
        room = fs.writeSync(file, Buffer.alloc(size, 1)) === size;
      } catch (error) {
        assert.equal(error.code, "ENOSPC");
        room = false;
      }
  fs.closeSync(file);
}

const makeRoom = (folder) => fs.unlinkSync(path.join(folder, "filler"));

const diskOf = async (lab) => (await lab.json("GET", "/system")).body.disk;

async function expectReads(lab, id) {
  const reads = ["/", "/runs", `/runs/${id}`, `/runs/${id}/points`, `/runs/${id}/layers`, `/runs/${id}/steps`, `/runs/${id}/points.csv`, `/runs/${id}/model.safetensors`, `/runs/${id}/diagnosis`, "/sweeps", "/datasets", "/presets", "/system", "/version", "/openapi.json"];
  for (const read of reads) assert.equal((await lab.request("GET", read)).status, 200, read);
  return reads.length;
}

/** Writes that need room say so and change nothing; all of them, once the log is full too. */
async function expectNoWrites(lab, id) {
  const before = (await lab.json("GET", "/runs")).body.total;
  await until(async () => (await lab.json("POST", "/runs", { ...MOONS, notes: "n".repeat(9000) })).status === 507 && (await lab.json("PATCH", `/runs/${id}`, { notes: "n".repeat(9000) })).status === 507, "writes to be refused");
  const refused = [
    await lab.json("POST", "/runs", { ...MOONS, notes: "n".repeat(9000) }),
    await lab.json("PATCH", `/runs/${id}`, { notes: "n".repeat(9000) }),
    await lab.json("POST", "/sweeps", { ...SWEEP, notes: "n".repeat(9000) }),
    await lab.upload({ name: "own", train: `x,y\n${"1,a\n2,b\n".repeat(10000)}` }),
  ];
  for (const { status, body } of refused) {
    assert.equal(status, 507, JSON.stringify(body));
    assert.match(body.detail, /disk is full/);
  }
  return (await lab.json("GET", "/runs")).body.total - before;
}

async function fillAndClear(folder, expected) {
  const lab = await startLab({ folder });
  const stream = await openStream(lab.url);
  const { id } = await lab.launch(LONG);
  const sweep = (await lab.json("POST", "/sweeps", SWEEP)).body.id;
  await until(async () => (await lab.points(id)).length > 3, "points");
  fill(folder);
  await until(async () => (await diskOf(lab)).full, "runs to wait");
  const reads = await expectReads(lab, id);
  await expectNoWrites(lab, id);
  const waiting = (await lab.points(id)).length;
  assert.equal((await lab.run(id)).state, "running");
  makeRoom(folder);
  assert.deepEqual(await outcome(lab, id), expected);
  assert.ok((await lab.points(id)).length > waiting);
  await until(async () => (await lab.json("GET", `/sweeps/${sweep}`)).body.state === "finished", "the sweep");
  const runs = (await lab.json("GET", `/runs?sweep=${sweep}`)).body.runs;
  assert.deepEqual(new Set(runs.map(({ state }) => state)), new Set(["finished"]));
  assert.equal(runs.length, 8);
  const told = stream.events.filter(({ event }) => event === "disk").map(({ data }) => data.disk.full);
  assert.equal(told[0], true, "pages are told");
  assert.equal(told.at(-1), false);
  assert.equal((await diskOf(lab)).full, false);
  await stream.close();
  return { lab, reads };
}

test("a full disk stops nobody from reading, and costs no run", { timeout: 590000 }, async (context) => {
  const calm = await startLab();
  const expected = await outcome(calm, (await calm.launch(LONG)).id);
  await calm.end();
  let reads = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const folder = makeDisk(context);
    if (!folder) return;
    const { lab, reads: read } = await fillAndClear(folder, expected);
    reads += read;
    assert.equal(await lab.stop(), 0);
    assert.equal(execFileSync("sqlite3", [path.join(folder, "sweetspot.db"), "PRAGMA integrity_check"], { encoding: "utf8" }).trim(), "ok");
  }
  report("A full disk", [`${ROUNDS} times filled to the last byte (8 MiB tmpfs) with a run and a sweep going: ${reads} reads answered 200, ${ROUNDS * 4} writes 507, all runs went on and ended with the bits of an undisturbed one`]);
});

test("a daemon stopped on a full disk leaves its run to the next one", { timeout: 120000 }, async (context) => {
  const folder = makeDisk(context);
  if (!folder) return;
  const first = await startLab({ folder });
  const { id } = await first.launch({ ...LONG, epochs: 100000, eval_every: 4000 });
  await until(async () => (await first.points(id)).length > 0, "points");
  fill(folder);
  await until(async () => (await diskOf(first)).full, "the run to wait");
  assert.equal(await first.stop(), 0);
  makeRoom(folder);
  const second = await startLab({ folder });
  const kept = (await second.points(id)).length;
  await until(async () => (await second.points(id)).length > kept, "the run to go on");
  assert.equal(await second.stop(), 0);
});

test("pages say that the disk is full, and when it no longer is", { timeout: 120000 }, async (context) => {
  const folder = makeDisk(context);
  if (!folder) return;
  const lab = await startLab({ folder });
  const browser = await (await launchBrowser()).newContext({ viewport: { width: 360, height: 800 }, colorScheme: "dark" });
  const page = await browser.newPage();
  await page.goto(lab.url);
  const banner = page.getByRole("alert").filter({ hasText: "The disk is full" });
  await page.getByText("Live", { exact: true }).waitFor();
  assert.equal(await banner.count(), 0);
  const { id } = await lab.launch({ ...LONG, epochs: 100000, eval_every: 4000 });
  await until(async () => (await lab.points(id)).length > 0, "points");
  fill(folder);
  await banner.waitFor();
  const later = await browser.newPage();
  await later.goto(`${lab.url}/#/runs/${id}`);
  await later.getByRole("alert").filter({ hasText: "The disk is full" }).waitFor();
  if (process.env.SCREENSHOTS) await later.screenshot({ path: path.join(process.env.SCREENSHOTS, "full-disk.png") });
  makeRoom(folder);
  await banner.waitFor({ state: "detached" });
  await browser.close();
  assert.equal(await lab.stop(), 0);
});
