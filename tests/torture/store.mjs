// A data folder's store, looked at without the daemon.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { makeFolder, removeFolder } from "../web/daemon.mjs";

/** What SQL gives, in a folder whose store nobody has open. */
export const sql = (folder, text) => execFileSync("sqlite3", [path.join(folder, "sweetspot.db")], { encoding: "utf8", input: text }).trim();

/**
 * Looks at the store as it was left, in a copy, so that the next start finds it untouched:
 * it is sound. What each run has come to, by its id.
 * @returns {Map<number, {step: number, state: number}>}
 */
export function examine(folder) {
  const copy = makeFolder();
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  for (const name of names.filter((name) => /^sweetspot\.db(-wal|-journal)?$/.test(name))) fs.copyFileSync(path.join(folder, name), path.join(copy, name));
  const answer = sql(copy, "PRAGMA integrity_check; PRAGMA foreign_key_check; SELECT count(*) FROM sqlite_master WHERE name = 'runs';");
  assert.match(answer, /^ok\n[01]$/);
  const rows = answer.endsWith("1") ? sql(copy, "SELECT id, checkpoint_step, state FROM runs;") : "";
  removeFolder(copy);
  return new Map(rows.split("\n").filter(Boolean).map((row) => row.split("|").map(Number)).map(([id, step, state]) => [id, { step, state }]));
}
