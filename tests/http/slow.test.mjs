// Slow requests run beside the others: what is held up holds nothing else up. Held they
// are by a FIFO in a checkpoint's place, or by the database's write lock.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { MOONS, startLab, until, slowness } from "./client.mjs";

const OTHERS = ["/healthz", "/runs", "/sweeps", "/version", "/system", "/", "/datasets", "/presets"];
const SLOW = 20;
const LIMIT = 3 + 64; // at work and waiting
let folder, lab, small, large;

before(async () => {
  folder = makeFolder();
  lab = await startLab({ folder });
  small = (await lab.launch(MOONS)).id;
  large = (await lab.launch({ ...MOONS, hidden: [800, 800], epochs: 1, train_samples: 50 })).id;
  await lab.waitFor(small, "finished");
  await lab.waitFor(large, "finished");
});

after(async () => {
  await lab.end();
  removeFolder(folder);
});

/** Puts a FIFO in the place of a run's checkpoint: who reads it waits for `release`. */
function holdCheckpoint(run) {
  const own = path.join(folder, "runs", String(run));
  const file = path.join(own, fs.readdirSync(own).find((name) => name.endsWith(".safetensors")));
  const [kept, fifo] = [`${file}.kept`, `${file}.fifo`];
  execFileSync("mkfifo", [fifo]);
  fs.renameSync(file, kept);
  fs.linkSync(fifo, file);
  return async function release(answers) {
    fs.renameSync(kept, file);
    const writer = fs.openSync(fifo, "r+"); // lets go of all who wait, now and later
    const given = await Promise.all(answers);
    fs.closeSync(writer);
    fs.unlinkSync(fifo);
    return given;
  };
}

/** Holds the database's write lock until `release`. */
async function holdWriter() {
  const shell = spawn("sqlite3", [`${folder}/sweetspot.db`], { stdio: ["pipe", "pipe", "inherit"] });
  shell.stdin.write(".timeout 5000\nBEGIN IMMEDIATE;\nSELECT 'held';\n");
  await new Promise((resolve) => shell.stdout.once("data", resolve));
  return () => {
    shell.stdin.end("ROLLBACK;\n");
    return new Promise((resolve) => shell.once("exit", resolve));
  };
}

/** Sends a request on a connection of its own; resolves with status, headers and body. */
function ask(method, where, body) {
  const headers = body ? { "Content-Type": "application/json" } : {};
  const request = http.request(lab.url + where, { method, headers, agent: false });
  const answer = new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (response) => {
      const blocks = [];
      response.on("data", (block) => blocks.push(block));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(blocks) }));
    });
  });
  request.end(body && JSON.stringify(body));
  answer.done = false;
  const mark = () => (answer.done = true);
  answer.then(mark, mark);
  answer.abort = () => request.destroy();
  return answer;
}

async function expectOthersAnswer() {
  const answers = await Promise.all([...OTHERS, ...OTHERS].map((where) => ask("GET", where)));
  answers.forEach(({ status }, i) => assert.equal(status, 200, OTHERS[i % OTHERS.length]));
}

const expectHeld = (answers) => assert.ok(answers.every(({ done }) => !done), "none is answered yet");
const statuses = (answers) => answers.map(({ status }) => status);
const modelOf = (run) => ask("GET", `/runs/${run}/model.safetensors`);

test("while slow requests are held the others are answered, and none is lost", async () => {
  const expected = await modelOf(small);
  const release = holdCheckpoint(small);
  const answers = Array.from({ length: SLOW }, () => modelOf(small));
  await expectOthersAnswer();
  expectHeld(answers);
  for (const { status, body } of await release(answers)) {
    assert.equal(status, 200);
    assert.ok(body.equals(expected.body));
  }
});

test("predictions wait for slow requests only where the model is large", async () => {
  const release = holdCheckpoint(large);
  const body = { inputs: [[0.5, 0.5]] };
  const held = [modelOf(large), modelOf(large), ask("POST", `/runs/${large}/predict`, body)];
  assert.equal((await ask("POST", `/runs/${small}/predict`, body)).status, 200);
  assert.equal((await ask("POST", "/runs/99999/predict", body)).status, 404);
  expectHeld(held);
  assert.deepEqual(statuses(await release(held)), [200, 200, 200]);
});

test("beyond what may wait, come back later", async () => {
  const release = holdCheckpoint(small);
  const answers = Array.from({ length: LIMIT + 10 }, () => modelOf(small));
  await until(() => answers.filter(({ done }) => done).length >= 10, "ten to be refused");
  for (const answer of answers.filter(({ done }) => done)) {
    const { status, headers, body } = await answer;
    assert.equal(status, 503);
    assert.equal(headers["retry-after"], "1");
    assert.match(JSON.parse(body).detail, /too many slow requests/);
  }
  await expectOthersAnswer();
  const answered = statuses(await release(answers)).filter((status) => status === 200).length;
  // Where the queue was full before the first were taken out of it, those have no successors.
  assert.ok(answered <= LIMIT && answered >= LIMIT - 2, `${answered} were answered`);
});

test("clients that hang up meanwhile leave nothing behind", async () => {
  const release = holdCheckpoint(small);
  const gone = Array.from({ length: SLOW }, () => modelOf(small));
  await expectOthersAnswer();
  for (const answer of gone) answer.abort();
  await Promise.allSettled(gone);
  await expectOthersAnswer();
  const stays = modelOf(small);
  assert.deepEqual(statuses(await release([stays])), [200]);
  // What the gone ones left in the queue is done by now: there is room for as many again.
  const again = await Promise.all(Array.from({ length: SLOW }, () => modelOf(small)));
  assert.ok(statuses(again).every((status) => status === 200));
});

/** A finished sweep of very many runs with points, put there while no daemon runs. */
async function makeLargeSweep(count) {
  const { body } = await lab.json("POST", "/sweeps", { base: { ...MOONS, epochs: 1 }, space: { lr: { values: [0.1] } } });
  await until(async () => (await lab.json("GET", `/sweeps/${body.id}`)).body.state === "finished", "the sweep's end");
  await lab.stop();
  const sql = (text) => execFileSync("sqlite3", [`${folder}/sweetspot.db`, text], { encoding: "utf8" }).trim();
  const copy = (table, keys) => {
    const names = sql(`SELECT name FROM pragma_table_info('${table}')`).split("\n").filter((name) => keys[name] !== null);
    return `INSERT INTO ${table} (${names}) SELECT ${names.map((name) => keys[name] ?? `t.${name}`)} FROM ${table} t, more`;
  };
  const more = (from, to) => `WITH RECURSIVE more(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM more WHERE n < ${to})`;
  sql(`BEGIN IMMEDIATE;
    ${more(1, count - 1)} ${copy("runs", { id: null, sweep_index: "n" })} WHERE t.sweep = ${body.id};
    ${more(100000, 100009)} ${copy("points", { run: "r.id", step: "n" })}, runs r
      WHERE r.sweep = ${body.id} AND t.run = (SELECT min(id) FROM runs WHERE sweep = ${body.id}) AND t.step = (SELECT min(step) FROM points WHERE run = t.run);
    UPDATE sweeps SET launched = ${count}, total_runs = ${count} WHERE id = ${body.id}; COMMIT;`);
  lab = await startLab({ folder });
  return body.id;
}

test("a sweep of 5,000 runs is deleted beside everything else", { timeout: 120000 * slowness }, async () => {
  const id = await makeLargeSweep(5000);
  const before = (await lab.json("GET", "/runs?limit=1")).body.total;
  const release = await holdWriter();
  const answers = [ask("DELETE", `/sweeps/${id}`), ask("DELETE", `/sweeps/${id}`)];
  const [first] = await Promise.all(OTHERS.filter((where) => where !== "/healthz").map((where) => ask("GET", where)));
  assert.equal(first.status, 200);
  expectHeld(answers);
  await release();
  assert.deepEqual(statuses(await Promise.all(answers)).sort(), [204, 404]);
  assert.equal((await lab.json("GET", "/runs?limit=1")).body.total, before - 5000);
  assert.equal((await ask("GET", `/sweeps/${id}`)).status, 404);
});

test("SIGTERM does not wait for a slow request for good", { timeout: 60000 * slowness }, async () => {
  holdCheckpoint(small);
  const held = Array.from({ length: 4 }, () => modelOf(small));
  const outcome = Promise.allSettled(held);
  await expectOthersAnswer();
  expectHeld(held);
  assert.equal(await lab.stop(), 0);
  for (const { status, value } of await outcome) assert.ok(status === "rejected" || value.status === 503);
});
