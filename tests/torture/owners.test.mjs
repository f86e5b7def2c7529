// Many daemons started at once on one data folder: one owns it, the others say so and go,
// and leave no trace in it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { LONG, MOONS, startLab } from "../http/client.mjs";
import { report, times } from "./torture.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const binary = process.env.SWEETSPOT_BIN ?? path.join(root, "build", "sweetspot");
const DAEMONS = 100;
const ROUNDS = times(2, 20);

/** Starts one; `settled` resolves with its address, or with its end. */
function start(folder) {
  const child = spawn(binary, ["serve", "--port", "0", "--workers", "1", "--data-dir", folder], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const daemon = { child, out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (daemon.out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (daemon.err += text));
  daemon.ended = new Promise((resolve) => child.once("close", resolve));
  const listening = new Promise((resolve) => child.stdout.on("data", () => daemon.out.includes("\n") && resolve("listening")));
  daemon.settled = Promise.race([listening, daemon.ended]);
  return daemon;
}

/** All the files of a folder with their bytes, but those that SQLite maps. */
function fingerprint(folder) {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.endsWith("-shm"));
  const paths = files.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort();
  return paths.map((file) => [file, createHash("sha256").update(fs.readFileSync(file)).digest("hex")]);
}

function expectRefused(daemon, code, folder) {
  assert.equal(code, 1);
  assert.equal(daemon.out, "");
  assert.equal(daemon.err, `sweetspot: another process is using the data folder ${folder}\n`);
}

test(`of ${DAEMONS} daemons started at once one owns the folder`, { timeout: 300000 }, async () => {
  const folder = makeFolder();
  let refused = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const daemons = Array.from({ length: DAEMONS }, () => start(folder));
    const outcomes = await Promise.all(daemons.map(({ settled }) => settled));
    const owners = daemons.filter((_, i) => outcomes[i] === "listening");
    assert.equal(owners.length, 1);
    daemons.forEach((daemon, i) => outcomes[i] !== "listening" && expectRefused(daemon, outcomes[i], folder));
    refused += DAEMONS - 1;
    // However its owner goes, the folder is free at once.
    owners[0].child.kill(round % 2 ? "SIGKILL" : "SIGTERM");
    await owners[0].ended;
  }
  const lab = await startLab({ folder });
  assert.equal((await lab.json("GET", "/healthz")).status, 200);
  assert.equal(await lab.stop(), 0);
  removeFolder(folder);
  report("One owner", [`${ROUNDS} times ${DAEMONS} daemons at once on one data folder: one owner each time, ${refused} others ended with 1 and one line`]);
});

test("who is refused touches nothing, and a run goes on", { timeout: 60000 }, async () => {
  const folder = makeFolder();
  const owner = await startLab({ folder });
  const paused = await owner.launch(LONG);
  await owner.json("POST", `/runs/${paused.id}/pause`, {});
  await owner.waitFor(paused.id, "paused");
  const before = fingerprint(folder);
  for (let i = 0; i < 3; i++) {
    const daemon = start(folder);
    expectRefused(daemon, await daemon.ended, folder);
  }
  assert.deepEqual(fingerprint(folder), before);
  const { id } = await owner.launch({ ...MOONS, epochs: 200 });
  const daemon = start(folder);
  expectRefused(daemon, await daemon.ended, folder);
  await owner.waitFor(id, "finished");
  assert.equal(await owner.stop(), 0);
  removeFolder(folder);
});
