// `make fuzz`: lets libFuzzer look for inputs that break a target's promises.
//
//   node tests/fuzz/fuzz.mjs [--seconds N] [--jobs N] [--keep] [target ...]
//
// What it finds interesting goes to build/fuzz/<target>/corpus and is taken up again by the
// next time; what breaks a target to build/fuzz/<target>. With --keep the smallest inputs
// that reach code which tests/fuzz/corpus/<target> does not are added to that.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { report } from "../torture/torture.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const programs = path.join(root, "build", "san-fuzzer-no-link-address-undefined-float-cast-overflow", "tests", "fuzz");
const MOST_KEPT = 60; // files of a target in the repository
const LARGEST_KEPT = 1024; // bytes

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "600" },
    jobs: { type: "string", default: "2" },
    keep: { type: "boolean", default: false },
  },
});

const all = fs
  .readdirSync(path.join(root, "tests", "fuzz"))
  .map((name) => name.match(/^fuzz_(\w+)\.c$/)?.[1])
  .filter(Boolean)
  .sort();
const targets = positionals.length ? positionals : all;

/** Runs a target's program; resolves with its exit code and what it said. */
function run(target, args, folder) {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(programs, `fuzz_${target}`), args, {
      cwd: root,
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text) => (said = (said + text).slice(-200000)));
    child.on("error", reject);
    child.on("exit", (code) => resolve({ code, said }));
  });
}

/** The last number behind `pattern`'s group, 0 if there is none. */
const last = (text, pattern) => Number([...text.matchAll(pattern)].at(-1)?.[1] ?? 0);

/** Adds to the repository's corpus what reaches further, the smallest first. */
async function keep(target, found, folder) {
  const kept = path.join(root, "tests", "fuzz", "corpus", target);
  const merged = path.join(folder, "merged");
  fs.mkdirSync(merged);
  for (const name of fs.readdirSync(kept)) fs.copyFileSync(path.join(kept, name), path.join(merged, name));
  await run(target, ["-set_cover_merge=1", merged, found], folder);
  const there = new Set(fs.readdirSync(kept));
  const fresh = fs
    .readdirSync(merged)
    .filter((name) => !there.has(name))
    .map((name) => ({ name, size: fs.statSync(path.join(merged, name)).size }))
    .filter(({ size }) => size <= LARGEST_KEPT)
    .sort((a, b) => a.size - b.size)
    .slice(0, Math.max(0, MOST_KEPT - there.size));
  for (const { name } of fresh) fs.copyFileSync(path.join(merged, name), path.join(kept, name));
  return fresh.length;
}

async function fuzz(target) {
  const place = path.join(root, "build", "fuzz", target);
  const found = path.join(place, "corpus");
  const dictionary = path.join(root, "tests", "fuzz", `${target}.dict`);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "sweetspot-fuzz-"));
  fs.mkdirSync(found, { recursive: true });
  const args = [
    `-max_total_time=${values.seconds}`,
    `-artifact_prefix=${place}/`,
    "-print_final_stats=1",
    "-timeout=60",
    "-use_value_profile=1",
    ...(fs.existsSync(dictionary) ? [`-dict=${dictionary}`] : []),
    found,
    path.join(root, "tests", "fuzz", "corpus", target),
  ];
  const { code, said } = await run(target, args, folder);
  const broken = code !== 0;
  if (broken) console.error(said.slice(-6000));
  const added = values.keep && !broken ? await keep(target, found, folder) : 0;
  fs.rmSync(folder, { recursive: true, force: true });
  const line =
    `${last(said, /number_of_executed_units: (\d+)/g)} executions in ${values.seconds} s, ` +
    `${last(said, / cov: (\d+)/g)} edges reached, ${broken ? "BROKEN" : "0 findings"}`;
  console.log(`${target}: ${line}` + (values.keep ? `, ${added} inputs kept` : ""));
  report(`Fuzzing: ${target}`, [`libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer: ${line}`]);
  return { broken };
}

/** As many at a time as there are jobs; the outcomes in the order of the targets. */
async function fuzzAll() {
  const outcomes = [];
  let next = 0;
  const worker = async () => {
    while (next < targets.length) {
      const at = next++;
      outcomes[at] = await fuzz(targets[at]);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  return outcomes;
}

const outcomes = await fuzzAll();
process.exitCode = outcomes.some((outcome) => outcome.broken) ? 1 : 0;
