// Runs all C tests and the HTTP suite under the address and undefined-behaviour
// sanitizers, the thread sanitizer and valgrind; any report fails. `make sanitizers`.
import { execFile, execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { report } from "./torture/torture.mjs";

const reports = path.resolve("build", "reports");
const httpTests = fs.readdirSync("tests/http").filter((name) => name.endsWith(".test.mjs")).map((name) => path.join("tests/http", name));
/** What is only possibly lost is what threads hold that run on while a daemon out of patience exits. */
const valgrind = `valgrind --quiet --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --error-exitcode=99 --fair-sched=yes`;

/** Builds of the same program: where, how, with what environment, slower by how much. */
const kinds = {
  "address and undefined behaviour": {
    make: ["SAN=address,undefined"],
    folder: "build/san-address-undefined",
    slowness: 5,
    environment: {
      ASAN_OPTIONS: `log_path=${reports}/address:detect_leaks=1:allocator_may_return_null=1`,
      UBSAN_OPTIONS: `log_path=${reports}/undefined:print_stacktrace=1`,
    },
  },
  threads: {
    make: ["SAN=thread"],
    folder: "build/san-thread",
    slowness: 15,
    environment: { TSAN_OPTIONS: `log_path=${reports}/thread` },
  },
  // Valgrind knows neither AVX-512 nor seccomp.
  valgrind: {
    without: ["test_sandbox", "fence.test.mjs"],
    make: ["BUILD=build/valgrind", "ARCH=x86-64-v3"],
    folder: "build/valgrind",
    slowness: 40,
    environment: {},
    wrapper: `${valgrind} --log-file=${reports}/valgrind.%p`,
  },
};

function makeWrapper(kind) {
  const file = path.resolve(kind.folder, "sweetspot-wrapped");
  fs.writeFileSync(file, `#!/bin/sh\nexec ${kind.wrapper} ${path.resolve(kind.folder, "sweetspot")} "$@"\n`, { mode: 0o755 });
  return file;
}

const takes = (kind, file) => !kind.without?.includes(path.basename(file));

/** Ends, however it does: `good` is exit code 0. */
const run = (kind, command, words, environment) =>
  new Promise((resolve) => {
    const datasets = path.resolve(kind.folder, "datasets");
    const env = { ...process.env, SWEETSPOT_DATASETS: datasets, SLOWNESS: String(kind.slowness), ...kind.environment, ...environment };
    execFile(command, words, { env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => resolve({ good: !error, stdout, stderr }));
  });

async function runProgram(kind, program) {
  const words = kind.wrapper ? [...kind.wrapper.split(" "), program] : [program];
  const { good, stdout, stderr } = await run(kind, words[0], words.slice(1));
  if (!good) console.log(`failed: ${program}\n${(stdout + stderr).slice(-3000)}`);
  return good;
}

/** Programs of C tests; those that ask for the fence do so themselves. As many at a time as
 * there are processors. */
async function runPrograms(kind) {
  const programs = ["engine", "db", "server"].flatMap((part) =>
    fs.readdirSync(`tests/${part}`).filter((name) => /^test_.*\.c$/.test(name)).map((name) => path.join(kind.folder, "tests", part, name.slice(0, -2))),
  ).filter((program) => takes(kind, program));
  const waiting = [...programs];
  let failed = 0;
  const work = async () => {
    for (let program; (program = waiting.shift()); ) failed += !(await runProgram(kind, program));
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, work));
  return { count: programs.length, failed };
}

/** Leak checking traces the process, which the fence forbids. */
async function runSuite(kind) {
  const binary = kind.wrapper ? makeWrapper(kind) : path.resolve(kind.folder, "sweetspot");
  const environment = { SWEETSPOT_BIN: binary, SWEETSPOT_SANDBOX: "off" };
  const tests = httpTests.filter((file) => takes(kind, file));
  const { stdout } = await run(kind, "node", ["--test", "--test-concurrency=2", ...tests], environment);
  const number = (name) => Number(stdout.match(new RegExp(`^# ${name} (\\d+)`, "m"))?.[1] ?? NaN);
  for (const [line] of stdout.matchAll(/^not ok .*$/gm)) console.log(line);
  fs.writeFileSync(path.join("build", `suite-${kind.folder.split("/").at(-1)}.log`), stdout);
  const [count, skipped] = [number("tests"), number("skipped")];
  return { count: count - skipped, skipped, failed: count - skipped - number("pass") };
}

/** What the tools wrote, but for valgrind's own notes, such as that it does not know a system
 * call which the daemon asks for by its number. */
function readReports() {
  const texts = fs.readdirSync(reports).map((name) => fs.readFileSync(path.join(reports, name), "utf8"));
  return texts.map((text) => text.replace(/^--\d+-- .*\n/gm, "")).filter((text) => text.trim());
}

let good = true;
const chosen = process.argv.slice(2);
for (const [name, kind] of Object.entries(kinds).filter(([name]) => !chosen.length || chosen.includes(name))) {
  execFileSync("make", ["-s", "-j2", "programs", ...kind.make], { stdio: ["ignore", "ignore", "inherit"] });
  fs.rmSync(reports, { recursive: true, force: true });
  fs.mkdirSync(reports, { recursive: true });
  const programs = await runPrograms(kind);
  const suite = await runSuite(kind);
  const found = readReports();
  for (const text of found) console.log(text.slice(0, 4000));
  good &&= !programs.failed && !suite.failed && !found.length;
  const line = `${programs.count} C test programs (${programs.failed} failed), ${suite.count} HTTP tests (${suite.failed} failed${suite.skipped ? `, ${suite.skipped} left out` : ""}), ${found.length} reports`;
  console.log(`${name}: ${line}`);
  report(`Sanitizers: ${name}`, [line]);
}
process.exit(good ? 0 : 1);
