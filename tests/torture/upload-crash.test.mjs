// Kills around the system calls of an upload and of a deletion: what was answered for is
// there, or gone; the rest is whole or was never there, and nothing is left of it.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { startLab } from "../http/client.mjs";
import { library, report, times } from "./torture.mjs";

const CALLS = ["write", "sync", "rename", "unlink"];
const PLACES = times([4], [1, 2, 3, 4, 5, 6, 7, 8]);
const TABLE = `x,y,kind\n${"1,2,a\n3,4,b\n5,7,c\n".repeat(9)}`;
const KEPT = ["about.csv", "t10k-labels-idx1-ubyte", "t10k-values-idx2-float", "train-labels-idx1-ubyte", "train-values-idx2-float"];

/** Uploads and deletes until the daemon is gone: what it answered for. */
async function provoke(lab) {
  const answered = { there: new Set(), gone: new Set() };
  try {
    for (let i = 0; i < 20; i++) {
      await lab.upload({ name: `own-${i}`, train: TABLE });
      answered.there.add(`own-${i}`);
      if (i % 2 === 0) continue;
      answered.there.delete(`own-${i - 1}`); // from here on it may be either
      await lab.json("DELETE", `/datasets/own-${i - 1}`);
      answered.gone.add(`own-${i - 1}`);
    }
  } catch {} // it was killed meanwhile
  return answered;
}

async function expectWhole(lab, folder, answered, what) {
  const known = (await lab.json("GET", "/datasets")).body.datasets.filter(({ uploaded }) => uploaded).map(({ name }) => name);
  assert.deepEqual(fs.readdirSync(path.join(folder, "datasets")).sort(), known.sort(), `${what}: nothing is left over`);
  for (const name of answered.there) assert.ok(known.includes(name), `${what}: ${name} is there`);
  for (const name of answered.gone) assert.ok(!known.includes(name), `${what}: ${name} is gone`);
  for (const name of known) {
    assert.deepEqual(fs.readdirSync(path.join(folder, "datasets", name)).sort(), KEPT, `${what}: ${name} is whole`);
    assert.equal((await lab.json("GET", `/datasets/${name}`)).body.present, true);
  }
  return known.length;
}

test("an upload is kept whole or not at all", { timeout: 600000 }, async () => {
  let [kills, kept] = [0, 0];
  for (const call of CALLS)
    for (const when of ["before", "after"])
      for (const place of PLACES) {
        const what = `${when} ${call} ${place}`;
        const folder = makeFolder();
        const env = { LD_PRELOAD: library("kill"), KILL_FOLDER: path.join(folder, "datasets"), KILL_CALL: call, KILL_WHEN: when, KILL_AT: String(place) };
        const first = await startLab({ folder, env });
        const answered = await provoke(first);
        assert.notEqual(await first.stop("SIGKILL"), 0, what);
        const second = await startLab({ folder });
        kept += await expectWhole(second, folder, answered, what);
        kills++;
        assert.equal(await second.stop(), 0);
        removeFolder(folder);
      }
  assert.ok(kept > 0);
  report("Kills in uploads", [`${kills} kills around the write, fsync, rename and unlink of uploads and deletions: ${kept} datasets that were kept, all whole, none lost that was answered for, nothing left over`]);
});
