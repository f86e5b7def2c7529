// Stores as older versions of the program left them.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startLab } from "../http/client.mjs";
import { sql } from "./store.mjs";

const schemas = fileURLToPath(new URL("schemas", import.meta.url));
const RUNS = 30;
const POINTS = 40;

/** Each old version, oldest first. */
export const versions = fs.readdirSync(schemas).sort();

/** Rows that every version has room for. */
const rows = `
  WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ${RUNS})
  INSERT INTO runs (state, name, config, tags, notes, created_at, dataset, optimizer, activation, batching, engine, layers, lr, batch_size, epochs, seed, parameters, total_steps, points, last_step)
  SELECT 3, 'old ' || n, '{}', '["a"]', 'kept', 1.7e9 + n, 'moons', 'sgd', 'relu', 'shuffled', 'tensor', '2-8-2', 0.1 * n, 32, 10, n, 42, 400, ${POINTS}, ${POINTS * 10} FROM more;
  WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ${POINTS})
  INSERT INTO points SELECT id, 10 * n, n, 320 * n, 0.5 * n, 0.5, 1.7e9 + n, 0.1, 1.0 / n, 0.5, 0.6, 0.55, NULL, NULL, 2, 0 FROM runs, more;`;

/** Makes a store of an old version in a folder that is there. */
export function makeOld(folder, version) {
  sql(folder, `PRAGMA journal_mode = WAL; BEGIN; ${fs.readFileSync(path.join(schemas, version), "utf8")} ${rows} COMMIT;`);
}

const contents = (folder) =>
  sql(folder, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name; SELECT id, name, state, config, tags, notes, created_at, lr, points, last_step FROM runs ORDER BY id; SELECT * FROM points ORDER BY run, step; PRAGMA user_version; PRAGMA integrity_check;");

/** Lets the daemon bring a store up to date; gives all that is in it then. */
export async function migrate(folder) {
  const lab = await startLab({ folder, args: ["--workers", "1"] });
  const { total } = (await lab.json("GET", "/runs?limit=1")).body;
  assert.equal((await lab.points(1)).length, POINTS);
  assert.equal(await lab.stop(), 0);
  assert.equal(total, RUNS);
  return contents(folder);
}
