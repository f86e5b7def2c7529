// What the torture tests share. Each has a short form, for `make test`, and a full one, for
// `make torture`, which also writes its section of tests/RESULTS.md.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const results = path.join(root, "tests", "RESULTS.md");

/** True in `make torture`: the counts that are promised. */
export const full = process.env.TORTURE === "full";

/** How often to do a thing. */
export const times = (short, long) => (full ? long : short);

/** A library of tests/torture/*.c, as the value for LD_PRELOAD. */
export const library = (name) => path.join(root, "build", "tests", "torture", `${name}.so`);

/** A fixed sequence of numbers in [0, 1), so that a failure can be seen again. */
export function randomNumbers(seed) {
  let state = seed;
  return () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648);
}

/** The value that a share of all values does not pass: 0.99 for the 99th percentile.
 * @param {number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export const median = (values) => quantile(values, 0.5);

const commit = () => execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * Writes a section of tests/RESULTS.md, in place of the one with its title; nothing in a
 * short run.
 * @param {string} title
 * @param {string[]} lines what was counted or measured: one a bullet
 */
export function report(title, lines) {
  if (!full) return;
  const when = new Date().toISOString().slice(0, 10);
  const where = `${os.cpus()[0].model}, ${os.cpus().length} cores, ${os.type()} ${os.release()}`;
  const section = `## ${title}\n\n${when}, commit ${commit()}, ${where}\n\n${lines.map((line) => `- ${line}\n`).join("")}`;
  const head = "# What the long tests found last\n\nWritten by `make torture`, `make fuzz` and the like; each section says when and on what.\n";
  const text = fs.existsSync(results) ? fs.readFileSync(results, "utf8") : head;
  const old = new RegExp(`## ${escape(title)}\\n[^]*?(?=\\n## |$)`);
  fs.writeFileSync(results, old.test(text) ? text.replace(old, () => section) : `${text.trimEnd()}\n\n${section}`);
}
