// Stores of every old version are brought up to date whole or not at all, wherever kill -9
// falls; those that are not ours to change are refused and left as they are.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { startLab } from "../http/client.mjs";
import { library, report, times } from "./torture.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, "..", "..");
const binary = process.env.SWEETSPOT_BIN ?? path.join(root, "build", "sweetspot");
const schemas = path.join(here, "schemas");
const versions = fs.readdirSync(schemas).sort();
const PLACES = times(4, 25);
const RUNS = 30;
const POINTS = 40;

const sql = (folder, text) => execFileSync("sqlite3", [path.join(folder, "sweetspot.db")], { encoding: "utf8", input: text }).trim();

/** Rows that every version has room for. */
const rows = `
  WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ${RUNS})
  INSERT INTO runs (state, name, config, tags, notes, created_at, dataset, optimizer, activation, batching, engine, layers, lr, batch_size, epochs, seed, parameters, total_steps, points, last_step)
  SELECT 3, 'old ' || n, '{}', '["a"]', 'kept', 1.7e9 + n, 'moons', 'sgd', 'relu', 'shuffled', 'tensor', '2-8-2', 0.1 * n, 32, 10, n, 42, 400, ${POINTS}, ${POINTS * 10} FROM more;
  WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ${POINTS})
  INSERT INTO points SELECT id, 10 * n, n, 320 * n, 0.5 * n, 0.5, 1.7e9 + n, 0.1, 1.0 / n, 0.5, 0.6, 0.55, NULL, NULL, 2, 0 FROM runs, more;`;

function makeOld(folder, version) {
  sql(folder, `PRAGMA journal_mode = WAL; BEGIN; ${fs.readFileSync(path.join(schemas, version), "utf8")} ${rows} COMMIT;`);
}

/** Files but the one that SQLite maps, which says nothing. */
function fingerprint(folder) {
  const files = fs.readdirSync(folder).filter((name) => /^sweetspot\.db(-wal)?$/.test(name) && fs.statSync(path.join(folder, name)).size > 0);
  return files.sort().map((name) => [name, createHash("sha256").update(fs.readFileSync(path.join(folder, name))).digest("hex")]);
}

const serve = (folder, env = {}) => spawnSync(binary, ["serve", "--port", "0", "--workers", "1", "--data-dir", folder], { cwd: root, encoding: "utf8", env: { ...process.env, ...env }, timeout: 700 });

const contents = (folder) =>
  sql(folder, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name; SELECT id, name, state, config, tags, notes, created_at, lr, points, last_step FROM runs ORDER BY id; SELECT * FROM points ORDER BY run, step; PRAGMA user_version; PRAGMA integrity_check;");

async function migrate(folder) {
  const lab = await startLab({ folder, args: ["--workers", "1"] });
  const { total } = (await lab.json("GET", "/runs?limit=1")).body;
  assert.equal((await lab.points(1)).length, POINTS);
  assert.equal(await lab.stop(), 0);
  assert.equal(total, RUNS);
  return contents(folder);
}

for (const version of versions)
  test(`${version} under ${PLACES * 2} kills`, { timeout: 300000 }, async () => {
    const [folder, calm] = [makeFolder(), makeFolder()];
    makeOld(calm, version);
    const expected = await migrate(calm);
    assert.match(expected, /\nok$/);
    let killed = 0;
    for (const call of ["write", "sync", "commit"])
      for (const when of ["before", "after"])
        for (let place = 1; place <= Math.ceil(PLACES / 3); place++) {
          fs.rmSync(folder, { recursive: true });
          fs.mkdirSync(folder, { mode: 0o700 });
          makeOld(folder, version);
          const { signal } = serve(folder, { LD_PRELOAD: library("kill"), KILL_FOLDER: folder, KILL_CALL: call, KILL_WHEN: when, KILL_AT: String(place) });
          killed += signal === "SIGKILL";
          assert.equal(await migrate(folder), expected, `${call} ${place}, ${when}`);
        }
    assert.ok(killed >= PLACES / 2, `${killed} were killed`);
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
