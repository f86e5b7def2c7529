// A store of 10,000 runs and a million points (a tenth of the runs and a twentieth of the
// points in the short form): lists and pages give what SQL says, each run once and in order,
// and the full form holds every answer to its time.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import { after, before, test } from "node:test";
import { openStream, startLab } from "../http/client.mjs";
import { closeBrowser, launchBrowser } from "../web/browser.mjs";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { fillStore, rowsOf } from "./large-store.mjs";
import { full, median, report, times } from "./torture.mjs";

const SIZE = { runs: times(1000, 10000), points: times(50000, 1000000) };
const PROMISED_MS = 100;
/** What is asked once unless it takes longer, and then this often: the median counts. */
const SUSPECT_MS = PROMISED_MS / 2;
const TRIES = 5;
const PAGE_TRIES = 3;
const MIDDLE = SIZE.runs >> 1;

let lab, folder, long, sweep;
const took = new Map();
const pages = [];
const busy = os.loadavg()[0].toFixed(2);

before(async () => {
  folder = makeFolder();
  ({ long, sweep } = await fillStore(folder, SIZE));
  lab = await startLab({ folder, args: ["--workers", "1"] });
});
after(async () => {
  await closeBrowser();
  await lab.stop();
  removeFolder(folder);
});

/** Milliseconds of CPU that the daemon has used: what an answer takes of a busy machine. */
function cpuMs() {
  const threads = fs.readdirSync(`/proc/${lab.pid}/task`);
  return threads.reduce((sum, thread) => sum + Number(fs.readFileSync(`/proc/${lab.pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6, 0);
}

async function askOnce(path) {
  const spent = cpuMs();
  const begun = performance.now();
  const response = await fetch(lab.url + path);
  const bytes = await response.arrayBuffer();
  const time = performance.now() - begun;
  assert.equal(response.status, 200, path);
  return { bytes, time, cpu: cpuMs() - spent };
}

/** The answer's bytes; its time is kept under `name`, the longest of all with that name. */
async function ask(path, name = path) {
  const all = [await askOnce(path)];
  while (full && all[0].time > SUSPECT_MS && all.length < TRIES) all.push(await askOnce(path));
  const mid = { time: median(all.map(({ time }) => time)), cpu: median(all.map(({ cpu }) => cpu)) };
  if (!(took.get(name)?.time > mid.time)) took.set(name, mid);
  return all[0].bytes;
}

const askJson = async (path, name) => JSON.parse(new TextDecoder().decode(await ask(path, name)));

const idsOf = (sql) => rowsOf(folder, sql).map(({ id }) => id);

const nameOf = (path, query) => `${path}?${query}`;

const pageAt = (path, query, limit, cursor) => `${path}?${query && `${query}&`}limit=${limit}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;

/** Goes through all pages: ids in order, and where each page begins. */
async function walk(query, { list = "runs", path = "/runs", limit = times(400, 1000) } = {}) {
  const [ids, cursors] = [[], []];
  for (let cursor = ""; cursor !== null; ) {
    const { bytes } = await askOnce(pageAt(path, query, limit, cursor));
    const page = JSON.parse(new TextDecoder().decode(bytes));
    cursors.push(cursor);
    ids.push(...page[list].map(({ id }) => id));
    assert.ok(page[list].length > 0 || ids.length === 0);
    cursor = page.next_cursor;
    if (cursor === null) assert.equal(page.total, ids.length, query);
  }
  return { ids, cursors };
}

/** The same, and times of what a page of the browser shows: 50, at the beginning, in the
 * middle and near the end. */
async function walkAndTime(query, options = {}) {
  const { path = "/runs" } = options;
  const { ids, cursors } = await walk(query, options);
  for (const cursor of new Set([cursors[0], cursors[cursors.length >> 1], cursors.at(-1)]))
    await ask(pageAt(path, query, 50, cursor), nameOf(path, query));
  return ids;
}

/** Every page of 50, each timed. */
async function walkSlowly(query) {
  const { ids, cursors } = await walk(query, { limit: times(100, 50) });
  for (const cursor of full ? cursors : []) await ask(pageAt("/runs", query, 50, cursor), nameOf("/runs", query));
  return ids;
}

// --- lists ----------------------------------------------------------------------------

const COLUMNS =
  "id name state dataset layers optimizer activation lr batch_size epochs seed parameters created_at started_at finished_at points test_accuracy best_test_accuracy best_val_accuracy best_step last_step last_epoch last_samples last_lr last_train_loss last_train_accuracy last_test_loss last_test_accuracy last_val_loss last_val_accuracy last_grad_norm train_seconds cpu_seconds time_to_target".split(" ");

/** As the list orders: what has no value last, then the newest first. */
function ordered(column, way, where = "archived = 0") {
  const name = column === "test_accuracy" ? "last_test_accuracy" : column;
  return idsOf(`SELECT id FROM runs WHERE ${where} ORDER BY ${name} IS NULL, ${name} ${way}, id DESC`);
}

for (const [i, column] of COLUMNS.filter((_, at) => full || at % 3 === 0).entries())
  test(`runs by ${column}, page after page, and the first page the other way`, async () => {
    const [way, other] = i % 2 ? ["DESC", "ASC"] : ["ASC", "DESC"];
    const sort = (direction) => `sort=${direction === "DESC" ? "-" : ""}${column}`;
    assert.deepEqual(await walkAndTime(sort(way)), ordered(column, way));
    const { runs } = await askJson(pageAt("/runs", sort(other), 50, ""), nameOf("/runs", sort(other)));
    assert.deepEqual(runs.map(({ id }) => id), ordered(column, other).slice(0, 50));
  });

test("the lists that the page shows first, page after page", async () => {
  assert.deepEqual(await walkSlowly("archived=false"), ordered("id", "DESC"));
  assert.deepEqual(await walkSlowly("archived=false&sort=-best_test_accuracy"), ordered("best_test_accuracy", "DESC"));
});

const FILTERS = {
  "archived=true": "archived = 1",
  "archived=any": "1",
  "state=finished": "archived = 0 AND state = 3",
  "state=stopped,pruned": "archived = 0 AND state IN (4, 7)",
  "state=queued": "archived = 0 AND state = 0",
  "dataset=moons": "archived = 0 AND dataset = 'moons'",
  "dataset=nothing": "0",
  "tag=a": `archived = 0 AND tags LIKE '%"a"%'`,
  "tag=rare": `archived = 0 AND tags LIKE '%"rare"%'`,
  "q=sweet": "archived = 0 AND name LIKE '%sweet%'",
  "q=BATCH_SIZE": "archived = 0 AND name LIKE '%batch\\_size%' ESCAPE '\\'",
  "q=no%20such%20name": "0",
  "sweep=2": "archived = 0 AND sweep = 2",
  "sweep=7": "archived = 0 AND sweep = 7",
  "state=finished&dataset=mnist&tag=a&q=wide&archived=any": `state = 3 AND dataset = 'mnist' AND tags LIKE '%"a"%' AND name LIKE '%wide%'`,
};

for (const [query, where] of Object.entries(FILTERS))
  test(`runs with ${query}`, async () => {
    const ids = await walkAndTime(`sort=-best_test_accuracy&${query}`);
    assert.deepEqual(ids, ordered("best_test_accuracy", "DESC", where));
    await ask(`/runs?${query}&limit=50`, `/runs?${query}`);
  });

test("sweeps and their runs", async () => {
  assert.deepEqual(await walkAndTime("", { list: "sweeps", path: "/sweeps", limit: 30 }), idsOf("SELECT id FROM sweeps ORDER BY id DESC"));
  const ids = await walkAndTime("sort=id", { path: `/sweeps/${sweep}/runs` });
  assert.deepEqual(ids, ordered("id", "ASC", `sweep = ${sweep}`));
  const { counts, total_runs: total } = await askJson(`/sweeps/${sweep}`);
  assert.equal(counts.finished, total);
  assert.equal(total, ids.length);
});

// --- one run, one sweep, the rest -----------------------------------------------------

const count = (table, where) => rowsOf(folder, `SELECT count(*) AS n FROM ${table} WHERE ${where}`)[0].n;

test("what a run measured", async () => {
  const all = count("points", `run = ${long}`);
  const { points } = await askJson(`/runs/${long}/points?max=2000`);
  assert.ok(points.length > 600 && points.length <= 2000);
  const steps = points.map(({ step }) => step);
  assert.deepEqual(steps, [...new Set(steps)].sort((a, b) => a - b));
  assert.equal(steps.at(-1), 10 * all);
  assert.equal((await askJson(`/runs/${long}/points?since_step=${10 * all - 500}`)).points.length, 50);
  const csv = new TextDecoder().decode(await ask(`/runs/${long + 1}/points.csv`));
  assert.equal(csv.trimEnd().split("\r\n").length, 1 + count("points", `run = ${long + 1}`));
  const some = (await askJson(`/runs/${MIDDLE}/points`)).points;
  const stored = rowsOf(folder, `SELECT step, test_accuracy FROM points WHERE run = ${MIDDLE} ORDER BY step`);
  assert.deepEqual(some.map(({ step, test_accuracy }) => ({ step, test_accuracy })), stored);
  assert.equal((await askJson(`/runs/${long}/steps`)).steps.length, Math.min(1000, count("steps", `run = ${long}`)));
  assert.ok((await askJson(`/runs/${long}/layers`)).layers.length > 1000);
  assert.equal((await askJson(`/runs/${MIDDLE}`)).summary.points, some.length);
});

test("what else pages ask for", async () => {
  const analysis = await askJson(`/sweeps/${sweep}/analysis`);
  assert.equal(analysis.trials.length, count("runs", `sweep = ${sweep}`));
  const spent = await askJson("/system");
  assert.equal(spent.queue.paused, count("runs", "state = 2"));
  for (const path of [`/runs/${long}`, `/runs/${long}/projection`, `/runs/${MIDDLE}/projection`, `/runs/${long}/diagnosis`, `/sweeps/${sweep}/runs.csv`, "/sweeps/7/analysis", "/datasets", "/presets", "/openapi.json", "/version", "/healthz", "/"])
    await ask(path);
  const begun = performance.now();
  const stream = await openStream(lab.url);
  took.set("/events, until it stands", { time: performance.now() - begun, cpu: 0 });
  assert.equal(stream.status, 200);
  await stream.close();
});

// --- pages ----------------------------------------------------------------------------

/** An address, and what stands on the page when it shows what it is for. */
const PAGES = {
  "#/": (page) => page.locator("tbody tr").nth(49),
  "#/?sort=-best_test_accuracy&q=sweet": (page) => page.locator("tbody .run-name", { hasText: "sweet" }).nth(20),
  "#/runs/LONG": (page) => page.getByRole("img", { name: /^(test )?accuracy/i }).first(),
  "#/compare?ids=LONG,MIDDLE": (page) => page.getByRole("img", { name: /^test accuracy: 2 runs/ }),
  "#/sweeps": (page) => page.getByRole("link", { name: "grid 9", exact: true }),
  "#/sweeps/SWEEP": (page) => page.locator("[data-answer] strong").first(),
  "#/new": (page) => page.getByRole("button", { name: /launch/i }).first(),
  "#/datasets": (page) => page.getByText("moons").first(),
  "#/system": (page) => page.getByText(/workers/i).first(),
};

test("pages of the browser", { skip: !full, timeout: 600000 }, async () => {
  const browser = await launchBrowser();
  for (const [name, content] of Object.entries(PAGES)) {
    const all = [];
    for (let i = 0; i < PAGE_TRIES; i++) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      const begun = performance.now();
      await page.goto(`${lab.url}/${name.replace("LONG", long).replace("MIDDLE", MIDDLE).replace("SWEEP", sweep)}`);
      await content(page).waitFor({ timeout: 20000 });
      all.push(performance.now() - begun);
      await context.close();
    }
    pages.push(`${name} ${Math.round(median(all))}`);
  }
});

test("every answer in time", { skip: !full }, async () => {
  const table = await askOnce(`/runs/${long}/points.csv`);
  const slowest = [...took].sort((a, b) => b[1].time - a[1].time);
  const name = (path) => path.replace(`/${long}`, "/LONG").replace(`/${sweep}`, "/SWEEP");
  report("A large store", [
    `${SIZE.runs} runs, ${SIZE.points} points, ${count("layers", "1")} rows of layers, ${count("steps", "1")} of steps, ${count("sweeps", "1")} sweeps of up to ${count("runs", `sweep = ${sweep}`)} runs; the longest run has ${count("points", `run = ${long}`)} points; load of the machine ${busy} when it began, ${os.loadavg()[0].toFixed(2)} at the end`,
    `${COLUMNS.length} orders and ${Object.keys(FILTERS).length} filters walked from the first page to the last: each run once and in order, as SQL gives it. Slowest of ${took.size} lists and answers, pages of 50 (ms; what took over ${SUSPECT_MS} once is the median of ${TRIES}; promised: ${PROMISED_MS}): ${slowest.slice(0, 12).map(([path, { time, cpu }]) => `${name(path)} ${time.toFixed(0)} (${cpu.toFixed(0)} of them the daemon's CPU)`).join(", ")}`,
    `not a page but a download that grows with the run: points.csv of the longest run, ${(table.bytes.byteLength / 2 ** 20).toFixed(1)} MiB in ${table.time.toFixed(0)} ms`,
    `pages in a fresh browser context, from the address to what they are for (ms, median of ${PAGE_TRIES}): ${pages.join(", ")}`,
  ]);
  for (const [path, { time }] of slowest) assert.ok(time < PROMISED_MS, `${path}: ${time} ms`);
});
