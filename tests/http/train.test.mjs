// The command line: the same trainer without a server.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { slowness } from "./client.mjs";

const binary = process.env.SWEETSPOT_BIN ?? "build/sweetspot";
const CONFIG = { dataset: "moons", hidden: [8], epochs: 4, batch_size: 50, momentum: 0.5 };

let folder;
before(() => (folder = makeFolder()));
after(() => removeFolder(folder));

const inFolder = (name) => path.join(folder, name);
const train = (args, config = CONFIG, env = {}) =>
  spawnSync(binary, ["train", ...args, "-"], { input: JSON.stringify(config), encoding: "utf8", timeout: 60000 * slowness, env: { ...process.env, ...env } });
const linesOf = (text) => text.trim().split("\n").map((line) => JSON.parse(line));
const withoutTimes = ({ train_seconds, cpu_seconds, wall_time, ...rest }) => rest;

test("prints a JSON point a line and ends with 0", () => {
  const { status, stdout, stderr } = train([]);
  assert.equal(status, 0, stderr);
  const points = linesOf(stdout);
  assert.deepEqual(points.map((point) => point.epoch), [1, 2, 3, 4]);
  assert.match(stderr, /epochs_done at step 80/);
});

test("reads a file, and keeps model and checkpoint where it is told", () => {
  fs.writeFileSync(inFolder("config.json"), JSON.stringify(CONFIG));
  const { status, stderr } = spawnSync(binary, ["train", "--data-dir", folder, "--out", inFolder("model.safetensors"), inFolder("config.json")], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const bytes = fs.readFileSync(inFolder("model.safetensors"));
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString());
  assert.deepEqual(header["layers.0.weight"].shape, [8, 2]);
  assert.ok(fs.existsSync(inFolder("checkpoint.safetensors")));
});

test("goes on from a checkpoint to the same bits", () => {
  const whole = linesOf(train([]).stdout).map(withoutTimes);
  assert.equal(train(["--data-dir", folder], { ...CONFIG, epochs: 2 }).status, 0);
  const rest = train(["--resume", inFolder("checkpoint.safetensors")]);
  assert.equal(rest.status, 0, rest.stderr);
  assert.deepEqual(linesOf(rest.stdout).map(withoutTimes), whole.slice(2));
});

test("an interrupt leaves a checkpoint to go on from", async () => {
  const long = { ...CONFIG, epochs: 100000, eval_every: 1000 };
  fs.writeFileSync(inFolder("long.json"), JSON.stringify(long));
  const child = spawn(binary, ["train", "--data-dir", folder, inFolder("long.json")], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.once("data", () => child.kill("SIGINT"));
  child.stdout.resume();
  child.stderr.resume();
  const status = await new Promise((resolve) => child.once("exit", resolve));
  assert.equal(status, 1);
  const rest = train(["--resume", inFolder("checkpoint.safetensors")], { ...long, epochs: 1 });
  assert.equal(rest.status, 0, "fewer epochs than are done: it ends at once");
});

test("says what is wrong: 2 for usage and config, 1 for what fails", () => {
  const usage = spawnSync(binary, ["train"], { encoding: "utf8" });
  assert.equal(usage.status, 2);
  assert.match(usage.stderr, /usage/);
  assert.equal(spawnSync(binary, ["fly"], { encoding: "utf8" }).status, 2);
  const bad = train([], { lr: -1, colour: 2 });
  assert.equal(bad.status, 2);
  assert.match(bad.stderr, /lr must be/);
  assert.match(bad.stderr, /colour/);
  assert.equal(spawnSync(binary, ["train", inFolder("nothing.json")], { encoding: "utf8" }).status, 2);
  const lost = train(["--resume", inFolder("nothing.safetensors")]);
  assert.equal(lost.status, 1);
  assert.match(lost.stderr, /nothing\.safetensors/);
  const foreign = train(["--resume", inFolder("checkpoint.safetensors")], { ...CONFIG, hidden: [9] });
  assert.equal(foreign.status, 1);
  const full = train(["--out", "/dev/full"]);
  assert.equal(full.status, 1);
  assert.match(full.stderr, /\/dev\/full/);
});

test("tells help and version", () => {
  const help = spawnSync(binary, ["--help"], { encoding: "utf8" });
  assert.equal(help.status, 0);
  assert.match(help.stdout, /sweetspot serve/);
  assert.match(spawnSync(binary, ["--version"], { encoding: "utf8" }).stdout, /^sweetspot \d+\.\d+\.\d+\n$/);
});
