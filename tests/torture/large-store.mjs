// A store of any size, made in seconds: a daemon makes the file and trains one run and one
// sweep; the rest is multiplied from those by SQL.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { MOONS, startLab, until } from "../http/client.mjs";

/** What a query gives, with nothing of the server between. */
export function rowsOf(folder, text) {
  const file = `file:${path.join(folder, "sweetspot.db")}?mode=ro`;
  const answer = execFileSync("sqlite3", ["-json", file, text], { encoding: "utf8", maxBuffer: 1 << 28 });
  return answer.trim() ? JSON.parse(answer) : [];
}

const WORDS = ["wide", "deep", "small", "noisy", "sweet", "slow", "bold", "plain", "odd", "late"];
const DATASETS = ["mnist", "mnist", "fashion-mnist", "moons", "spirals"];
const OPTIMIZERS = ["sgd", "adam", "adamw", "rmsprop"];
const ACTIVATIONS = ["relu", "tanh", "sigmoid", "gelu", "linear"];
const BATCHES = [8, 16, 32, 64, 128];
/** finished, mostly; paused, stopped, failed, diverged, pruned. Nothing that a start would train. */
const STATES = [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 4, 5, 6, 7, 7, 3, 3];

const pick = (list, n) => list[n % list.length];
const spread = (count, low, high) => Array.from({ length: count }, (_, i) => Number((low * (high / low) ** (i / count)).toPrecision(3)));

/** Sweeps whose grids have as many settings as they have runs. */
function planSweeps(runs) {
  const large = { batches: BATCHES, rates: spread(runs / 50, 0.01, 1) };
  const small = { batches: BATCHES, rates: spread(runs / 1000, 0.01, 1) };
  return [large, ...Array(40).fill(small)].map((space, i) => ({ ...space, id: i + 2, runs: space.batches.length * space.rates.length }));
}

/** Which run is of which sweep, and how many points each has: one has a twentieth of all,
 * five a hundredth, the others share the rest unevenly. */
function planRuns({ runs, points, first }) {
  const plan = [];
  for (let id = first; id <= runs; id++) plan.push({ id, sweep: null, index: null, batch: pick(BATCHES, id), lr: 0.001 * (1 + (id % 997)) });
  let at = 100;
  for (const sweep of planSweeps(runs))
    for (let index = 0; index < sweep.runs; index++) {
      const [batch, lr] = [sweep.batches[Math.floor(index / sweep.rates.length)], sweep.rates[index % sweep.rates.length]];
      Object.assign(plan[at++], { sweep: sweep.id, index, batch, lr });
    }
  plan.forEach((run, i) => (run.points = i === 0 ? Math.floor(points / 20) : i <= 5 ? Math.floor(points / 100) : 0));
  const rest = plan.slice(6);
  const mean = (points * 0.9) / rest.length;
  rest.forEach((run, i) => (run.points = Math.round(mean * (0.5 + (i % 11) / 10))));
  rest.at(-1).points += points - plan.reduce((sum, run) => sum + run.points, 0);
  return plan;
}

const quote = (value) => (value === null ? "NULL" : typeof value === "number" ? String(value) : `'${value}'`);

const tagsOf = (id) => JSON.stringify([...(id % 10 === 0 ? ["a"] : []), ...(id % 500 === 0 ? ["rare"] : [])]);

function planRow({ id, sweep, index, batch, lr, points }) {
  const name = sweep ? `batch_size ${batch}, lr ${lr}` : `${pick(WORDS, id)} ${pick(WORDS, id >> 3)} ${id}`;
  const state = sweep ? 3 : pick(STATES, id);
  return `(${[id, state, name, tagsOf(id), sweep ? 0 : Number(id % 12 === 5), sweep, index, sweep ? "moons" : pick(DATASETS, id), pick(OPTIMIZERS, id >> 2), pick(ACTIVATIONS, id >> 1), batch, lr, 1 + (id % 50), 1 + (id % 7), points].map(quote).join()})`;
}

/** Every 2^k-th point takes a probe, as in training. */
const fillSql = (plan, template) => `
PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -200000;
BEGIN;
CREATE TEMP TABLE plan (id INTEGER PRIMARY KEY, state, name, tags, archived, sweep, sweep_index, dataset, optimizer, activation, batch_size, lr, epochs, seed, points);
INSERT INTO plan VALUES ${plan.map(planRow).join()};
CREATE TEMP TABLE numbers (k INTEGER PRIMARY KEY);
WITH RECURSIVE more(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM more WHERE k < (SELECT max(points) FROM plan)) INSERT INTO numbers SELECT k FROM more;
${planSweeps(plan.length + template.runs)
  .map(({ id, batches, rates, runs }) => `INSERT INTO sweeps (id, state, name, notes, spec, stop_reason, total_runs, launched, created_at, finished_at, wall_seconds)
SELECT ${id}, state, 'grid ${id}', notes, json_set(spec, '$.space', json('${JSON.stringify({ batch_size: { values: batches }, lr: { values: rates } })}')), stop_reason, ${runs}, ${runs}, created_at + ${id}, finished_at + ${id}, 60 FROM sweeps WHERE id = 1;`)
  .join("\n")}
INSERT INTO runs (id, state, name, stop_reason, config, environment, tags, notes, archived, sweep, sweep_index, created_at, started_at, finished_at,
  dataset, optimizer, activation, batching, engine, layers, lr, batch_size, epochs, seed, parameters, total_steps, target_accuracy, spark)
SELECT p.id, p.state, p.name, CASE p.state WHEN 2 THEN NULL ELSE r.stop_reason END,
  json_set(r.config, '$.dataset', p.dataset, '$.optimizer', p.optimizer, '$.activation', p.activation, '$.batch_size', p.batch_size, '$.lr', p.lr, '$.epochs', p.epochs, '$.seed', p.seed),
  r.environment, p.tags, '', p.archived, p.sweep, p.sweep_index, r.created_at + p.id, r.started_at + p.id, CASE p.state WHEN 2 THEN NULL ELSE r.finished_at + p.id END,
  p.dataset, p.optimizer, p.activation, r.batching, r.engine, r.layers, p.lr, p.batch_size, p.epochs, p.seed, r.parameters, 10 * p.points, r.target_accuracy, r.spark
  FROM plan p JOIN runs r ON r.id = iif(p.sweep IS NULL, ${template.run}, ${template.trial});
INSERT INTO points
SELECT p.id, 10 * k, 0.1 * k, 10 * k * p.batch_size, 0.001 * k / 3, 0.001 * k / 7, 1.7e9 + p.id + 0.01 * k, p.lr,
  2.3 * exp(-0.01 * k) + 0.01 * (k * 7919 % 13) / 13.0, round(0.98 * (1 - exp(-0.03 * k)), 5), 2.2 * exp(-0.01 * k) + 0.02 * (k * 7907 % 17) / 17.0,
  round((0.9 + 0.09 * (p.id % 10) / 9.0) * (1 - exp(-0.05 * k)) - 0.003 * (k % 5), 4), NULL, NULL, 1.0 / (1 + k % 97) , k % 5 = 0 AND k <= 100
  FROM plan p JOIN numbers ON k <= p.points ORDER BY p.id, k;
UPDATE runs SET points = s.n, last_step = s.step, last_samples = s.samples, last_epoch = s.epoch, train_seconds = s.train, cpu_seconds = s.cpu, time_to_target = s.train / 3
  FROM (SELECT run, count(*) AS n, max(step) AS step, max(samples) AS samples, max(epoch) AS epoch, max(train_seconds) AS train, max(cpu_seconds) AS cpu FROM points GROUP BY run) AS s
  WHERE s.run = runs.id AND runs.id IN (SELECT id FROM plan);
UPDATE runs SET last_lr = l.lr, last_train_loss = l.train_loss, last_train_accuracy = l.train_accuracy, last_test_loss = l.test_loss, last_test_accuracy = l.test_accuracy, last_grad_norm = l.grad_norm
  FROM points AS l WHERE l.run = runs.id AND l.step = runs.last_step AND runs.id IN (SELECT id FROM plan);
UPDATE runs SET best_step = b.step, best_test_accuracy = b.test_accuracy
  FROM points AS b WHERE b.run = runs.id AND b.step = (SELECT max(step) FROM points WHERE run = runs.id AND is_best = 1) AND runs.id IN (SELECT id FROM plan);
INSERT INTO layers
SELECT p.id, 10 * k, layer, weight_norm, grad_norm, update_ratio, activation_mean, activation_deviation, dead_fraction, saturated_fraction, iif(k & (k - 1), NULL, histograms)
  FROM plan p JOIN numbers ON k <= p.points JOIN layers l ON l.run = ${template.run} AND l.step = (SELECT min(step) FROM layers WHERE run = ${template.run})
  WHERE p.id <= ${template.runs + 6} OR p.id % 20 = 0 ORDER BY p.id, k, layer;
INSERT INTO steps
SELECT p.id, 10 * k - 9, 10 * k, 0.9 * exp(-0.01 * k), exp(-0.01 * k), 1.1 * exp(-0.01 * k)
  FROM plan p JOIN numbers ON k <= p.points WHERE p.id <= ${template.runs + 6} OR p.id % 20 = 0 ORDER BY p.id, k;
COMMIT;
`;

/**
 * Fills an empty folder.
 * @param {string} folder
 * @param {{runs: number, points: number}} size both are met to the last one
 * @returns {Promise<{long: number, sweep: number}>} ids: the run with most points, the
 *   sweep with most runs
 */
export async function fillStore(folder, { runs, points }) {
  const lab = await startLab({ folder, args: ["--workers", "1"] });
  const run = (await lab.launch({ ...MOONS, name: "trained" })).id;
  await lab.waitFor(run, "finished");
  const base = { ...MOONS, target_accuracy: 0.8, stop_at_target: true };
  await lab.json("POST", "/sweeps", { base, space: { lr: { values: [0.1] } }, repeats: 1 });
  await until(async () => (await lab.json("GET", "/sweeps/1")).body.state === "finished", "the sweep to end");
  await lab.stop();
  const [{ trained, last }] = rowsOf(folder, "SELECT count(*) AS trained, max(run) AS last FROM points");
  const template = { run, trial: last, runs: last };
  const plan = planRuns({ runs, points: points - trained, first: last + 1 });
  execFileSync("sqlite3", ["-bail", path.join(folder, "sweetspot.db")], { input: fillSql(plan, template), encoding: "utf8" });
  return { long: plan[0].id, sweep: 2 };
}
