// Sweeps as the server would answer them, made up but alike: short staircases that rise as
// batch size and learning rate allow. The same arguments give the same sweep.
import { answerOf, sumUp } from "../../web/src/logic/trials.js";

const BASE = {
  dataset: "mnist",
  hidden: [128],
  epochs: 3,
  target_accuracy: 0.9,
  stop_at_target: true,
  validation_samples: 5000,
};
const TRAIN = 55000;

/** Numbers between 0 and 1 that look random (mulberry32). */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** What one run goes through. `power`: batch size times how well its lr suits it. */
function staircase(batch, lr, random, points = 12) {
  const fit = Math.exp(-((Math.log(lr / 0.4) - 0.35 * Math.log(batch / 64)) ** 2) / 4);
  const level = 0.55 + 0.42 * fit ** 0.6 + 0.01 * (random() - 0.5);
  const stepsMin = (260 / (0.15 + fit)) * (1 + 40 / batch) * (0.95 + 0.1 * random());
  const secondsPerStep = 1e-4 + 4e-6 * batch;
  const steps = [];
  let best = 0;
  for (let i = 1; i <= points; i++) {
    const step = Math.max(1, Math.round((stepsMin * 4 * i * i) / (points * points)));
    const accuracy = level * (1 - 0.85 * Math.exp(-step / (stepsMin / 2)));
    if (accuracy <= best || step * batch > 3 * TRAIN) continue;
    best = accuracy;
    steps.push([step * secondsPerStep, accuracy, step * batch, step]);
  }
  return steps;
}

/** A run of cell `cell` that ended in `state`, or is still in it. */
function trial({ run, cell, seed, batch, lr, state, random }) {
  const all = state === "queued" || state === "failed" ? [] : staircase(batch, lr, random);
  const kept = { running: 0.5, paused: 0.3, pruned: 0.4, diverged: 0.2 }[state] ?? 1;
  const steps = all.slice(0, Math.ceil(all.length * kept));
  return {
    run,
    cell,
    seed,
    state,
    seconds: steps.at(-1)?.[0] ?? null,
    final_loss: steps.length ? 2.3 * (1 - steps.at(-1)[1]) : null,
    test_accuracy: state === "finished" ? (steps.at(-1)?.[1] ?? 0) - 0.003 : null,
    steps,
  };
}

const count = (trials, state) => trials.filter((item) => item.state === state).length;
const states = [
  "queued",
  "running",
  "paused",
  "finished",
  "stopped",
  "failed",
  "diverged",
  "pruned",
];

/** The sweep that these trials belong to. */
function sweepOf(trials, { space, repeats, state, total, id = 1, objective }) {
  const counts = Object.fromEntries(states.map((name) => [name, count(trials, name)]));
  const ended = trials.length - counts.queued - counts.running - counts.paused;
  const live = state === "running" || state === "paused";
  return {
    id,
    name: "Batch size / epochs trade-off",
    notes: "",
    state,
    stop_reason: live ? null : "runs_done",
    error: null,
    spec: {
      name: "",
      notes: "",
      base: BASE,
      space,
      sampler: "grid",
      pruner: "none",
      objective: objective ?? "time_to_target",
      max_runs: null,
      repeats,
      parallel: null,
      time_budget_s: null,
      timed: false,
      seed: 1,
      eval_samples: null,
    },
    total_runs: total,
    settings: total / repeats,
    launched: trials.length,
    counts,
    progress: ended / total,
    eta_seconds: live ? 42 : null,
    wall_seconds: 75,
    created_at: "2026-03-01T10:00:00Z",
    finished_at: live ? null : "2026-03-01T10:01:15Z",
  };
}

/** S = S_min + E_min / B through the fastest cells, well enough for a picture. */
function sweetSpotOf(cells, trials, goal) {
  const best = new Map();
  cells.forEach((cell, i) => {
    const batch = cell.values[0];
    if (cell.reached && !(cells[best.get(batch)]?.value <= cell.value)) best.set(batch, i);
  });
  if (best.size < 3) return null;
  const points = [...best].map(([batch_size, cell]) => {
    const mine = trials.filter((item) => item.cell === cell);
    const [seconds, , samples, steps] = mine[0].steps.find((s) => s[1] >= goal.target) ?? [
      1,
      1,
      batch_size * 300,
      300,
    ];
    return { batch_size, cell, steps, samples, seconds, seconds_per_step: seconds / steps };
  });
  const stepsMin = 0.8 * Math.min(...points.map(({ steps }) => steps));
  const samplesMin = 0.8 * Math.min(...points.map(({ samples }) => samples));
  const sizes = points.map(({ batch_size: size }) => size).sort((a, b) => a - b);
  const forecast = Array.from({ length: 33 }, (_, i) => {
    const size = sizes[0] * (sizes.at(-1) / sizes[0]) ** (i / 32);
    const steps = stepsMin + samplesMin / size;
    return {
      batch_size: size,
      steps,
      samples: steps * size,
      seconds: steps * (1e-4 + 4e-6 * size),
    };
  });
  const around = (value) => ({ value, low: value * 0.85, high: value * 1.2 });
  return {
    points: points.sort((a, b) => a.batch_size - b.batch_size),
    steps_min: around(stepsMin),
    samples_min: around(samplesMin),
    critical_batch: around(samplesMin / stepsMin),
    noise_scale: (samplesMin / stepsMin) * 1.4,
    forecast,
    best: forecast.reduce((a, b) => (b.seconds < a.seconds ? b : a)),
    half_ratio: 1.21,
    double_ratio: 1.08,
  };
}

/** What the server answers at /analysis for the goal. */
export function analysisOf(made, goal) {
  const { sweep, trials, parameters, values } = made;
  const cells = sumUp(trials, goal, values.length).map((cell, i) => ({
    ...cell,
    values: values[i],
  }));
  const analysis = {
    sweep: sweep.id,
    state: sweep.state,
    ...goal,
    clock: "cpu_seconds",
    metric: "val_accuracy",
    train_count: TRAIN,
    parameters,
    trials,
    cells,
    answer: null,
    sweet_spot: null,
    importance: null,
    importance_trials: trials.filter(({ state }) => state === "finished").length,
  };
  const answer = answerOf(analysis, goal);
  const ended = sweep.state === "finished";
  if (answer)
    analysis.answer = {
      ...answer,
      test_accuracy: ended ? 0.8991 : null,
      config: { ...BASE, batch_size: values[answer.cell][0], lr: values[answer.cell][1] },
    };
  if (goal.objective === "time_to_target")
    analysis.sweet_spot = sweetSpotOf(cells, trials, goal);
  if (analysis.importance_trials >= 10)
    analysis.importance = parameters.map(({ name }, i) => ({
      name,
      share: [0.27, 0.63, 0.08, 0.02][i],
    }));
  return analysis;
}

const choice = (name, values, log = true) => ({
  name,
  kind: "choice",
  log,
  values,
  low: null,
  high: null,
});

/**
 * A grid of batch sizes and learning rates under three seeds: high rates diverge, low ones
 * do not get there. `ended`: how many of the runs have.
 */
export function gridSweep({
  batches = [4, 16, 64, 256, 1024],
  rates = [0.01, 0.05, 0.2, 0.8, 3.2],
  repeats = 3,
  ended = Infinity,
  fail = false,
} = {}) {
  const random = randomFrom(7);
  const values = batches.flatMap((batch) => rates.map((lr) => [batch, lr]));
  const total = values.length * repeats;
  const stateOf = (run, batch, lr) => {
    if (run > ended + 2) return "queued";
    if (run > ended) return "running";
    if (fail) return "failed";
    return lr > 3 && batch < 64 ? "diverged" : run % 41 === 0 ? "pruned" : "finished";
  };
  const trials = values.flatMap(([batch, lr], cell) =>
    Array.from({ length: repeats }, (_, k) => {
      const run = cell * repeats + k + 1;
      const state = stateOf(run, batch, lr);
      return trial({ run, cell, seed: k + 1, batch, lr, state, random });
    }),
  );
  const launched = trials.filter(({ run }) => run <= ended + 6);
  const state = ended < total ? "running" : "finished";
  const space = { batch_size: { values: batches }, lr: { values: rates } };
  const sweep = sweepOf(launched, { space, repeats, state, total });
  const parameters = [choice("batch_size", batches), choice("lr", rates)];
  return { sweep, trials: launched, parameters, values };
}

/** Random settings of four parameters, one run each. */
export function randomSweep(settings) {
  const random = randomFrom(11);
  const batches = [8, 16, 32, 64, 128, 256];
  const layers = [[], [64], [128], [128, 64]];
  const values = Array.from({ length: settings }, () => [
    batches[Math.floor(random() * batches.length)],
    10 ** (-3 + 3.5 * random()),
    0.95 * random(),
    layers[Math.floor(random() * layers.length)],
  ]);
  const trials = values.map(([batch, lr], cell) => {
    const state = lr > 2 ? "diverged" : cell % 9 === 0 ? "pruned" : "finished";
    return trial({ run: cell + 1, cell, seed: 1, batch, lr, state, random });
  });
  const real = { kind: "real", values: null };
  const parameters = [
    choice("batch_size", batches),
    { name: "lr", ...real, log: true, low: 0.001, high: 3.2 },
    { name: "momentum", ...real, log: false, low: 0, high: 0.95 },
    choice("hidden", layers, false),
  ];
  const space = { lr: { log_uniform: [0.001, 3.2] } };
  const sweep = sweepOf(trials, { space, repeats: 1, state: "finished", total: settings });
  return { sweep, trials, parameters, values };
}

/** Answers for sweep 1 in place of the server. `current`: gives what was made. Returns the
 * addresses of the analyses that were asked for. */
export async function answerWith(page, current) {
  /** @type {string[]} */
  const asked = [];
  await page.route("**/sweeps/1", (route) =>
    route.request().method() === "GET"
      ? route.fulfill({ json: current().sweep })
      : route.fallback(),
  );
  await page.route("**/sweeps/1/analysis*", (route) => {
    asked.push(route.request().url());
    const query = new URL(route.request().url()).searchParams;
    const budget = query.get("budget");
    const goal = {
      objective: query.get("objective") ?? "time_to_target",
      target: Number(query.get("target") ?? 0.9),
      budget: budget === null || budget === "none" ? null : Number(budget),
    };
    route.fulfill({ json: analysisOf(current(), goal) });
  });
  return asked;
}
