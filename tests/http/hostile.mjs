// What the tests of bad input share: after each case the daemon is alive, and nothing has
// been created, changed or written.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { rawExchange, statusOf, until } from "./client.mjs";

/** Rows and files: all that a request could have left behind. */
async function stateOf(lab) {
  const totals = [];
  for (const list of ["/runs", "/sweeps"]) totals.push((await lab.json("GET", `${list}?limit=1`)).body.total);
  const runs = (await lab.json("GET", "/runs?limit=1000")).body.runs.map(({ name, notes, tags, state, archived }) => [name, notes, tags, state, archived]);
  const datasets = (await lab.json("GET", "/datasets")).body.datasets.map(({ name }) => name);
  const files = ["runs", "datasets"].map((name) => path.join(lab.folder, name)).filter((folder) => fs.existsSync(folder));
  const found = files.flatMap((folder) => fs.readdirSync(folder, { recursive: true }).sort());
  return createHash("sha256").update(JSON.stringify([totals, runs, datasets, found])).digest("hex");
}

/**
 * Plays cases: [what, () => status, wanted]; `wanted` is one status or several. Status 0
 * is a connection closed without an answer.
 */
export async function playCases(lab, cases) {
  const before = await stateOf(lab);
  for (const [what, play, wanted] of cases) {
    const status = await play();
    assert.ok([wanted].flat().includes(status), `${what}: ${status}, not ${wanted}`);
    assert.equal((await lab.json("GET", "/version")).status, 200, `${what}: the daemon lives`);
  }
  /* What was on its way in goes right behind the answer. */
  await until(async () => (await stateOf(lab)) === before, "things to be as before: nothing was created or changed");
  return cases.length;
}

/** Sends text as it is; the status of the first answer. */
export const sendRaw = (lab, text) => async () => statusOf(await rawExchange(lab.port, text));

/** Every route of the API with its methods, with numbers and names in place of variables. */
export async function listRoutes(lab) {
  const { paths } = (await lab.json("GET", "/openapi.json")).body;
  return Object.entries(paths).flatMap(([pattern, methods]) =>
    Object.keys(methods)
      .filter((method) => ["get", "post", "patch", "delete", "put"].includes(method))
      .map((method) => ({ method: method.toUpperCase(), takes: Object.keys(methods[method].requestBody?.content ?? {})[0], path: pattern.replace("{name}", "moons").replace(/\{\w+\}/g, "1"), pattern })),
  );
}
