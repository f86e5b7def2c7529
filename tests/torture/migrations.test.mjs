// Stores of every old version are brought up to date whole or not at all, wherever kill -9
// falls; those that are not ours to change are refused and left as they are.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { makeOld, migrate, versions } from "./old-stores.mjs";
import { sql } from "./store.mjs";
import { library, report, times } from "./torture.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, "..", "..");
const binary = process.env.SWEETSPOT_BIN ?? path.join(root, "build", "sweetspot");
/** Of each call, before and after it; fewer where a migration has fewer. */
const PLACES = times(2, 25);

/** Files but the one that SQLite maps, which says nothing. */
function fingerprint(folder) {
  const files = fs.readdirSync(folder).filter((name) => /^sweetspot\.db(-wal)?$/.test(name) && fs.statSync(path.join(folder, name)).size > 0);
  return files.sort().map((name) => [name, createHash("sha256").update(fs.readFileSync(path.join(folder, name))).digest("hex")]);
}

const serve = (folder, env = {}) => spawnSync(binary, ["serve", "--port", "0", "--workers", "1", "--data-dir", folder], { cwd: root, encoding: "utf8", env: { ...process.env, ...env }, timeout: 700 });

for (const version of versions)
  test(`${version} under kills`, { timeout: 300000 }, async () => {
    const [folder, calm] = [makeFolder(), makeFolder()];
    makeOld(calm, version);
    const expected = await migrate(calm);
    assert.match(expected, /\nok$/);
    let killed = 0;
    for (const call of ["write", "sync", "commit"])
      for (const when of ["before", "after"])
        for (let place = 1, alive = false; place <= PLACES && !alive; place++) {
          fs.rmSync(folder, { recursive: true });
          fs.mkdirSync(folder, { mode: 0o700 });
          makeOld(folder, version);
          const { signal } = serve(folder, { LD_PRELOAD: library("kill"), KILL_FOLDER: folder, KILL_CALL: call, KILL_WHEN: when, KILL_AT: String(place) });
          alive = signal !== "SIGKILL"; // there are no more such places
          killed += !alive;
          assert.equal(await migrate(folder), expected, `${call} ${place}, ${when}`);
        }
    assert.ok(killed >= times(8, 50), `${killed} were killed`);
    report(`Migrations: ${version}`, [`${killed} kills at the writes, syncs and commits of the migration: each time the next start found the old store or the new one, and made it equal to an undisturbed migration`]);
    removeFolder(folder);
    removeFolder(calm);
  });

/** Ways in which a file is not ours to change. */
const strangers = {
  "a newer version": [(folder) => sql(folder, `PRAGMA journal_mode = WAL; PRAGMA user_version = 99; CREATE TABLE runs (id); INSERT INTO runs VALUES (1);`), /newer version/],
  "a newer version that was killed": [
    (folder) => {
      // The log is still there: a copy made while its owner has the store open.
      const other = makeFolder();
      sql(other, `PRAGMA journal_mode = WAL; CREATE TABLE runs (id); PRAGMA user_version = 99; INSERT INTO runs VALUES (1);\n.system cp ${other}/sweetspot.db ${other}/sweetspot.db-wal ${folder}/`);
      removeFolder(other);
      assert.equal(fingerprint(folder).length, 2);
    },
    /newer version/,
  ],
  "another program's database": [(folder) => sql(folder, "CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('x');"), /another program/],
  "another program's database with a version": [(folder) => sql(folder, "CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 2;"), /another program/],
  "no database": [(folder) => fs.writeFileSync(path.join(folder, "sweetspot.db"), "not a database, but long enough to look like one. ".repeat(40)), /cannot open/],
};

for (const [what, [make, reason]] of Object.entries(strangers))
  test(`${what} is refused and left alone`, () => {
    const folder = makeFolder();
    make(folder);
    const before = fingerprint(folder);
    for (let i = 0; i < 2; i++) {
      const { status, stderr, stdout } = serve(folder);
      assert.equal(status, 1, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, reason);
      assert.equal(stderr.trim().split("\n").length, 1);
      assert.deepEqual(fingerprint(folder), before);
    }
    removeFolder(folder);
  });
