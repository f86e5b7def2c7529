// `make coverage`: sums what gcov counted into lines reached per folder, and fails below
// what is promised.
//
//   node tests/coverage.mjs FOLDER [--missing [PREFIX]]
//
// FOLDER holds the objects with their counts; --missing also lists each line that nothing
// reaches, of the files whose paths begin with PREFIX.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

process.env.TORTURE = "full"; // there is no short form: `report` is to write
const { report } = await import("./torture/torture.mjs");

const PROMISED = { engine: 95, db: 95, server: 90 };
const AT_ONCE = 40; // files in one call of gcov

const [folder, flag, prefix = ""] = process.argv.slice(2);

function* notesBelow(where) {
  for (const entry of fs.readdirSync(where, { withFileTypes: true })) {
    const full = path.join(where, entry.name);
    if (entry.isDirectory()) yield* notesBelow(full);
    else if (entry.name.endsWith(".gcno")) yield full;
  }
}

/** What gcov says of some objects: one JSON text a line. */
function* readCounts(notes) {
  for (let at = 0; at < notes.length; at += AT_ONCE) {
    const text = execFileSync("gcov", ["--json-format", "--stdout", ...notes.slice(at, at + AT_ONCE)], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
    for (const line of text.split("\n")) if (line) yield* JSON.parse(line).files;
  }
}

/** Path -> line number -> how often; an object may be built more than once. */
function gather() {
  const files = new Map();
  for (const { file, lines } of readCounts([...notesBelow(folder)])) {
    if (!/^(engine|db|server)\/.*\.[ch]$/.test(file)) continue;
    const counts = files.get(file) ?? new Map();
    for (const { line_number: at, count } of lines) counts.set(at, (counts.get(at) ?? 0) + count);
    files.set(file, counts);
  }
  return files;
}

const share = ({ reached, all }) => (100 * reached) / all;
const row = (name, sums) => `${name}: ${share(sums).toFixed(1)} % (${sums.reached} of ${sums.all} lines)`;

function add(sums, name, counts) {
  const sum = (sums[name] ??= { reached: 0, all: 0 });
  for (const count of counts.values()) {
    sum.all++;
    sum.reached += count > 0;
  }
}

function listMissing(files) {
  for (const [file, counts] of [...files].sort()) {
    const missing = [...counts].filter(([, count]) => count === 0).map(([line]) => line);
    if (!file.startsWith(prefix) || missing.length === 0) continue;
    const text = fs.readFileSync(file, "utf8").split("\n");
    for (const line of missing.sort((a, b) => a - b)) console.log(`${file}:${line}: ${text[line - 1]}`);
  }
}

const files = gather();
const parts = {};
const folders = {};
for (const [file, counts] of files) {
  add(parts, file.split("/")[0], counts);
  add(folders, path.dirname(file), counts);
}
if (flag === "--missing") listMissing(files);
const short = Object.keys(PROMISED).filter((part) => !(part in parts) || share(parts[part]) < PROMISED[part]);
const lines = [
  ...Object.keys(PROMISED).map((part) => `${row(part, parts[part])}; promised: ${PROMISED[part]} %`),
  ...Object.keys(folders).sort().filter((name) => !(name in parts)).map((name) => row(name, folders[name])),
];
for (const line of lines) console.log(line);
if (flag !== "--missing") report("Coverage", ["gcov, all C tests and the HTTP suite", ...lines]);
if (short.length) console.error(`below what is promised: ${short.join(", ")}`);
process.exitCode = short.length ? 1 : 0;
