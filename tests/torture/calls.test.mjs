// System calls on files of the data folder fail, each in turn, once or from then on: what a
// client was told is so, runs end or say why they failed, and the next request works.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { startLab } from "../http/client.mjs";
import { ERRNO, makeFaults } from "./faults.mjs";
import { ask, cleanUp, prepare, scenarios } from "./scenarios.mjs";
import { full, report, times } from "./torture.mjs";

const PLACES = times(1, 60); // at most, spread over a scenario's calls
/** What each call may fail with. */
const ERRORS = { open: ["EIO", "EINTR"], read: ["EIO", "EINTR", "short"], write: ["EIO", "ENOSPC", "EINTR", "short"], sync: ["EIO", "ENOSPC"], rename: ["EIO", "ENOSPC"], unlink: ["EIO"], mkdir: ["EIO", "ENOSPC"] };
const ALL = ["a run, from the request to its end", "words changed, a run deleted", "a sweep, from the request to its end", "the model, and predictions", "a dataset, brought in and deleted"];
const NAMES = full ? ALL : [ALL[0], ALL[1], ALL[4]];
const root = fileURLToPath(new URL("../..", import.meta.url));
const binary = process.env.SWEETSPOT_BIN ?? path.join(root, "build", "sweetspot");
const lines = [];

after(() => {
  for (const line of lines) console.log(`# ${line}`);
  report("System calls that fail", lines);
});

const check = (folder) => assert.equal(execFileSync("sqlite3", [path.join(folder, "sweetspot.db"), "PRAGMA integrity_check"], { encoding: "utf8" }).trim(), "ok");
const places = (made) => Array.from({ length: Math.min(made, PLACES) }, (_, i) => 1 + Math.floor((i * made) / Math.min(made, PLACES)));

/** A run that was answered for is there; one that was refused is not. */
async function expectKept(lab, before, answers, what) {
  const total = (await ask(lab, "GET", "/runs")).body.total;
  const launched = answers.filter((answer) => answer.what === "POST /runs" && answer.status === 201).length;
  const deleted = answers.filter((answer) => answer.what === "DELETE /runs/N" && answer.status === 204).length;
  const unsure = answers.filter(({ status }) => status === 0 || status >= 500).length;
  assert.ok(Math.abs(total - before - launched + deleted) <= unsure * 3, `${what}: ${before} runs became ${total}`);
}

for (const [call, errors] of Object.entries(ERRORS))
  test(`${call} fails with ${errors.join(", ")}`, { timeout: 600000 }, async () => {
    const [own, folder] = [makeFolder(), makeFolder()];
    const faults = makeFaults(own, folder);
    const lab = await startLab({ folder, env: faults.env, args: ["--workers", "1"] });
    const there = await prepare(lab);
    const files = () => fs.readdirSync(`/proc/${lab.pid}/fd`).length;
    let [failed, refused] = [0, 0];
    const open = files();
    for (const name of NAMES)
      for (const error of errors) {
        faults.arm(call, 0);
        await scenarios[name](lab, there);
        const { made } = faults.disarm();
        for (const place of places(made)) {
          const what = `${name}: ${call} ${place} of ${made}: ${error}`;
          const before = (await ask(lab, "GET", "/runs")).body.total;
          faults.arm(call, place, { error: ERRNO[error] });
          const answers = await scenarios[name](lab, there).catch((failure) => {
            throw new Error(`${what}: ${failure.message}`);
          });
          failed += faults.disarm().failed;
          refused += answers.filter(({ status }) => status === 0 || status >= 500).length;
          for (const answer of answers) assert.ok(answer.status === 0 || answer.status < 300 || answer.status >= 500, `${what}: ${answer.what} ${answer.status} ${answer.text.slice(0, 200)}`);
          if (!name.startsWith("a sweep")) await expectKept(lab, before, answers, what);
          assert.equal((await ask(lab, "GET", "/healthz")).status, 200, what);
        }
        await cleanUp(lab, there);
      }
    assert.equal(faults.get("distrusted"), 0, "no checkpoint is synced again after a sync that failed");
    assert.ok(files() <= open + 10, `${files()} descriptors, ${open} before`);
    assert.equal(await lab.stop(), 0);
    check(folder);
    faults.close();
    removeFolder(folder);
    removeFolder(own);
    lines.push(`${call} (${errors.join(", ")}): ${failed} calls failed in ${NAMES.length} scenarios, ${refused} answers were 5xx, none was wrong`);
  });

/** Starts a daemon that has a fault waiting: its exit code, or null where it serves. */
async function startWith(folder, env) {
  const child = spawn(binary, ["serve", "--port", "0", "--data-dir", folder, "--workers", "1"], { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(signal ?? code)));
  const serving = new Promise((resolve) => child.stdout.setEncoding("utf8").on("data", (text) => (out += text).includes("\n") && resolve(null)));
  const code = await Promise.race([serving, ended]);
  if (code === null) {
    child.kill("SIGTERM");
    assert.equal(await ended, 0, err);
  }
  return { code, err };
}

for (const call of ["malloc", ...Object.keys(ERRORS)])
  test(`${call} fails at the start`, { timeout: 600000 }, async () => {
    let [started, refused] = [0, 0];
    for (const error of ERRORS[call] ?? ["short"]) {
      const [own, folder, used] = [makeFolder(), makeFolder(), makeFolder()];
      const faults = makeFaults(own, folder);
      // A folder with a run that waits for its worker, and one that is empty.
      const lab = await startLab({ folder: used });
      await prepare(lab);
      await lab.launch({ dataset: "moons", epochs: 100000, eval_every: 1000 });
      await lab.stop("SIGKILL");
      for (const kind of ["empty", "used"]) {
        const fill = () => {
          fs.rmSync(folder, { recursive: true });
          fs.cpSync(kind === "used" ? used : own, folder, { recursive: true, filter: (file) => !file.endsWith("control") });
        };
        fill();
        faults.arm(call, 0);
        assert.equal((await startWith(folder, faults.env)).code, null);
        const { made } = faults.disarm();
        for (const place of places(made)) {
          fill();
          faults.arm(call, place, { error: ERRNO[error] });
          const { code, err } = await startWith(folder, faults.env);
          faults.disarm();
          const what = `${kind}: ${call} ${place} of ${made}: ${error}`;
          assert.ok(code === null || code === 1, `${what}: ended with ${code}: ${err}`);
          if (code === 1) assert.match(err, /^sweetspot: .{5,}$/m, what);
          code === null ? started++ : refused++;
          assert.equal((await startWith(folder, faults.env)).code, null, `${what}: the next start`);
        }
      }
      faults.close();
      for (const each of [own, folder, used]) removeFolder(each);
    }
    lines.push(`${call} at the start: ${started} times it served nevertheless, ${refused} times it ended with 1 and a line; the next start always served`);
  });
