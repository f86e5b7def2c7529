// Memory runs out at each allocation in turn: the answer is whole or says 5xx, a run ends
// or says why it failed, the next request works, and nothing leaks.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { MOONS, startLab } from "../http/client.mjs";
import { makeFaults } from "./faults.mjs";
import { ask, cleanUp, prepare, scenarios } from "./scenarios.mjs";
import { report, times } from "./torture.mjs";

const PLACES = times(14, 1500); // at most, spread over a scenario's allocations
/** Caches and pools may settle a little higher; a leak a fault would be far above. */
const SETTLING = (faults) => 500 + faults / 4;
/** What is known of a dataset stays until the process ends: names, and two lists of numbers. */
const BLOCKS_A_DATASET = 20;
/** A process knows at most 512, those that were deleted included. */
const DATASETS = 300;
let own, folder, faults, lab, there;
const lines = [];

before(async () => {
  own = makeFolder();
  folder = makeFolder();
  faults = makeFaults(own, folder);
  lab = await startLab({ folder, env: faults.env, args: ["--workers", "1"] });
  there = await prepare(lab);
});
after(async () => {
  assert.equal(await lab.stop(), 0);
  faults.close();
  removeFolder(folder);
  removeFolder(own);
  report("Memory that runs out", lines);
});

/** The names of all members, however deep; of lists the first element's. */
function shape(value) {
  if (Array.isArray(value)) return value.length ? [shape(value[0])] : [];
  if (value === null || typeof value !== "object") return "";
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]));
}

/** Whole, or honest. */
function expectHonest(answer, healthy, what) {
  if (answer.status === 0 || answer.status >= 500) return;
  if (answer.status === 409 && /is failed/.test(answer.body.detail)) return; // as the fault had it
  const isFine = ({ status }) => status >= 200 && status < 300; // done, or accepted
  assert.ok(isFine(answer), `${what}: ${answer.what} ${answer.text.slice(0, 300)}`);
  if (answer.json && healthy.json) assert.deepEqual(Object.keys(shape(answer.body)), Object.keys(shape(healthy.body)), `${what}: ${answer.what}`);
  else if (healthy.text) assert.equal(answer.text.length, healthy.text.length, `${what}: ${answer.what}`);
}

const expectAlive = async (what) => assert.equal((await ask(lab, "GET", "/version")).status, 200, what);

/** Blocks in use, once nothing goes on. Events are kept until there are 4,096 of them: so
 * many are made before. */
async function countBlocks() {
  const many = await lab.launch({ ...MOONS, hidden: [2], epochs: 230, eval_every: 1, diagnostics: false });
  await lab.waitFor(many.id, "finished");
  await cleanUp(lab, there);
  return faults.get("blocks");
}

/** Which allocations are to fail: all, or some of them spread over a scenario. */
function places(made, most) {
  const stride = Math.ceil(made / most);
  return Array.from({ length: Math.ceil(made / stride) }, (_, i) => 1 + i * stride);
}

for (const [name, scenario] of Object.entries(scenarios))
  test(`no memory: ${name}`, { timeout: 600000 }, async () => {
    for (let i = 0; i < 3; i++) await scenario(lab, there); // fills caches
    faults.arm("malloc", 0);
    const healthy = await scenario(lab, there);
    const { made } = faults.disarm();
    for (const { what, status } of healthy) assert.ok(status >= 200 && status < 300, `${what}: ${status}`);
    const blocks = await countBlocks();
    let [failed, refused, broughtIn] = [0, 0, 0];
    for (const place of places(made, name.startsWith("a dataset") ? Math.min(PLACES, DATASETS) : PLACES)) {
      faults.arm("malloc", place);
      const answers = await scenario(lab, there).catch((error) => {
        throw new Error(`allocation ${place} of ${made}: ${error.message}`);
      });
      failed += faults.disarm().failed;
      answers.forEach((answer, i) => expectHonest(answer, healthy[i], `allocation ${place} of ${made}`));
      refused += answers.filter(({ status }) => status === 0 || status >= 500).length;
      broughtIn += answers.some(({ what }) => what === "POST /datasets");
      await expectAlive(`after allocation ${place} of ${made}`);
    }
    const grown = (await countBlocks()) - blocks;
    assert.ok(grown < SETTLING(failed) + BLOCKS_A_DATASET * broughtIn, `${grown} blocks more after ${failed} faults`);
    lines.push(`${name}: ${failed} of about ${made} allocations failed, ${refused} answers were 5xx, ${Math.max(0, grown)} blocks more in use afterwards`);
  });

test("a leak would be noticed", async () => {
  const [, scenario] = Object.entries(scenarios)[1];
  await scenario(lab, there);
  const blocks = faults.get("blocks");
  faults.set("leak", 1);
  for (let i = 0; i < 3; i++) await scenario(lab, there);
  faults.set("leak", 0);
  assert.ok(faults.get("blocks") - blocks > SETTLING(100));
});
