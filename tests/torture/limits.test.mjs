// Limits that the system sets: address space, size of files, open files. What does not fit
// is refused with a reason, and what does goes on.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { MOONS, startLab } from "../http/client.mjs";
import { report, times } from "./torture.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const binary = process.env.SWEETSPOT_BIN ?? path.join(root, "build", "sweetspot");
const MIB = 1 << 20;
const lines = [];
after(() => report("Limits of the system", lines));

const pick = (all) => all.filter((_, i) => i % times(3, 1) === 0);
const ENDED = ["finished", "failed", "diverged"];

/** A daemon under a limit: what it said, and a way to talk to it where it serves. */
async function startUnder(limit, folder) {
  const words = [`--${limit.name}=${limit.value}`, binary, "serve", "--port", "0", "--workers", "1", "--data-dir", folder];
  const child = spawn("prlimit", words, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(signal ?? code)));
  const url = new Promise((resolve) => child.stdout.setEncoding("utf8").on("data", (text) => resolve(((out += text).match(/http:\S+/) ?? [])[0])));
  const first = await Promise.race([url, ended.then((code) => ({ code }))]);
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return typeof first === "string" ? { url: first, stop, said: () => err } : { code: first.code, said: () => err };
}

function ask(url, method, where, body) {
  return new Promise((resolve) => {
    const request = http.request(url + where, { method, agent: false, headers: body ? { "Content-Type": "application/json" } : {} }, (response) => {
      let text = "";
      response.on("data", (block) => (text += block));
      response.on("end", () => resolve({ status: response.statusCode, body: text && /json/.test(response.headers["content-type"]) ? JSON.parse(text) : null }));
      response.on("error", () => resolve({ status: 0 }));
    });
    request.on("error", () => resolve({ status: 0 }));
    request.end(body && JSON.stringify(body));
  });
}

async function untilEnded(daemon, id) {
  for (const end = Date.now() + 20000; Date.now() < end; ) {
    const { status, body } = await ask(daemon.url, "GET", `/runs/${id}`);
    if (status === 200 && ENDED.includes(body.state)) return body;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`run ${id} does not end`);
}

/** Under one limit: it says why it cannot start, or answers, and says why a run failed. */
async function live(limit) {
  const folder = makeFolder();
  const what = `${limit.name} ${limit.value}`;
  const daemon = await startUnder(limit, folder);
  if (daemon.code !== undefined) {
    // Below what the loader needs the program never gets to speak.
    assert.ok(daemon.code === 1 || daemon.code === 127, `${what}: ended with ${daemon.code}: ${daemon.said()}`);
    assert.match(daemon.said(), /\w{5}/, what);
    removeFolder(folder);
    return "did not start, and said why";
  }
  const tried = await ask(daemon.url, "POST", "/runs", limit.config);
  assert.ok([201, 0].includes(tried.status) || tried.status >= 500, `${what}: ${tried.status}`);
  let told = "refused a run";
  if (tried.status === 201) {
    const run = await untilEnded(daemon, tried.body.id);
    if (run.state === "failed") assert.ok(run.error, what);
    told = run.state === "failed" ? "said why a run failed" : "trained";
  }
  assert.equal((await ask(daemon.url, "GET", "/version")).status, 200, what);
  assert.equal(await daemon.stop(), 0, `${what}: ${daemon.said()}`);
  // Without the limit all that was told is there.
  const lab = await startLab({ folder });
  assert.equal((await lab.json("GET", "/runs")).body.total, tried.status === 201 ? 1 : 0, what);
  await lab.waitFor((await lab.launch(MOONS)).id, "finished");
  assert.equal(await lab.stop(), 0);
  removeFolder(folder);
  return told;
}

const large = { dataset: "mnist", hidden: [2048, 2048], epochs: 1, train_samples: 600, test_samples: 100 };
const kinds = {
  "address space": pick([20, 40, 60, 80, 120, 160, 200, 240, 280, 320, 360, 400, 500, 600]).map((mib) => ({ name: "as", value: mib * MIB, config: large })),
  "size of files": pick([0, 4096, 65536, 300000, 1 * MIB, 8 * MIB]).map((value) => ({ name: "fsize", value, config: { ...large, hidden: [512] } })),
  "open files": pick([3, 5, 8, 12, 16, 20, 24, 28, 32, 40, 64]).map((value) => ({ name: "nofile", value, config: MOONS })),
};

for (const [kind, limits] of Object.entries(kinds))
  test(`${kind}: ${limits.length} limits`, { timeout: 300000 }, async () => {
    const told = {};
    for (const limit of limits) {
      const outcome = await live(limit);
      told[outcome] = (told[outcome] ?? 0) + 1;
    }
    assert.ok(Object.keys(told).length > 1, "the limits are felt");
    lines.push(`${kind}, ${limits.length} limits: ${Object.entries(told).map(([outcome, times]) => `${outcome} (${times})`).join(", ")}`);
    console.log(`# ${lines.at(-1)}`);
  });

test("more clients than files may be open", { timeout: 60000 }, async () => {
  const folder = makeFolder();
  const daemon = await startUnder({ name: "nofile", value: 40 }, folder);
  assert.ok(daemon.url, daemon.said());
  const answers = await Promise.all(Array.from({ length: 200 }, () => ask(daemon.url, "GET", "/runs")));
  assert.ok(answers.every(({ status }) => status === 200 || status === 0 || status >= 500));
  assert.equal((await ask(daemon.url, "GET", "/runs")).status, 200, "and afterwards all is well");
  assert.equal(await daemon.stop(), 0);
  removeFolder(folder);
});
