// The presets that make a promise keep it: trained by the command line, on the real data.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { test } from "node:test";
import { slowness } from "./client.mjs";

const binary = process.env.SWEETSPOT_BIN ?? "build/sweetspot";
const read = (name) => JSON.parse(fs.readFileSync(`config/presets/${name}.json`, "utf8"));
const preset = (name) => read(name).config;
const runPresets = fs.readdirSync("config/presets").map((file) => file.replace(".json", "")).filter((name) => read(name).kind === "run");

function train(config) {
  const { status, stdout, stderr } = spawnSync(binary, ["train", "-"], { input: JSON.stringify(config), encoding: "utf8", timeout: 60000 * slowness });
  assert.equal(status, 0, stderr);
  return { points: stdout.trim().split("\n").map((line) => JSON.parse(line)), progress: stderr };
}

test("90 % is reached, and the run ends there", () => {
  const { points, progress } = train(preset("20-ninety-percent-fast"));
  assert.ok(points.at(-1).test_accuracy >= 0.9);
  assert.ok(points.slice(0, -1).every((point) => point.test_accuracy < 0.9));
  assert.match(progress, /target_reached/);
  assert.ok(points.at(-1).epoch < 1, "within the first epoch");
});

test("the brute-force log lands where 3,200 samples can", () => {
  const config = preset("50-brute-force");
  assert.equal(config.engine, "scalar");
  const { points } = train(config);
  assert.equal(points.at(-1).samples, 3200);
  assert.ok(points.at(-1).train_accuracy > 0.3, "far above the 20 % it had in Python");
  assert.ok(points.at(-1).test_accuracy < 0.8, "and far below what the whole set gives");
});

test("the micrograd demo reaches 100 % in both engines", () => {
  const config = preset("75-micrograd-demo");
  for (const engine of ["scalar", "tensor"]) {
    const { points } = train({ ...config, engine });
    assert.equal(points.length, 100);
    assert.equal(points.at(-1).train_accuracy, 1, engine);
    assert.ok(points[0].lr === 1 && Math.abs(points.at(-1).lr - 0.1) < 1e-9);
  }
});

test("every preset of a run is a config the trainer takes", () => {
  for (const name of runPresets) {
    const config = preset(name);
    if (config.dataset === "fashion-mnist") continue; // its files may not be there
    train({ ...config, epochs: 1, train_samples: Math.min(config.train_samples ?? 200, 200), test_samples: 100 });
  }
});
