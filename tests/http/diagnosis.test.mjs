// GET /runs/{id}/diagnosis over real runs: the doctor names the planted cause first, finds
// nothing in healthy runs, and its fixes mend.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LONG, MOONS, startLab, takesHours } from "./client.mjs";
import { broken, examine, healthy } from "./patients.mjs";

/** @type {Awaited<ReturnType<typeof startLab>>} */
let lab;
before(async () => {
  lab = await startLab();
});
after(() => lab?.end());

test("each planted cause is named first, and its fix mends it", { skip: takesHours }, async () => {
  const sick = await examine(lab, broken.map(({ config }) => config));
  for (const [i, { diagnosis, codes, run }] of sick.entries()) {
    const [first] = diagnosis.findings;
    assert.equal(first?.code, broken[i].planted, `${run.name}: ${codes}`);
    assert.equal(first.severity, "critical");
    assert.ok(run.summary.best_test_accuracy < 0.9, `${run.name} does not learn`);
    assert.ok(Object.keys(first.fix.patch).length > 0, "there is a fix");
  }
  const mended = await examine(lab, sick.map(({ config, diagnosis }) => ({ ...config, ...diagnosis.findings[0].fix.patch })));
  for (const { run, codes } of mended) {
    assert.ok(!codes.includes(sick.find(({ config }) => config.name === run.name).codes[0]), `${run.name}: ${codes}`);
    assert.ok(run.summary.best_test_accuracy >= 0.85, `${run.name} learns: ${run.summary.best_test_accuracy}`);
  }
});

test("nothing is found in ten healthy runs", async () => {
  assert.equal(healthy.length, 10);
  for (const { run, codes } of await examine(lab, healthy)) assert.deepEqual(codes, [], run.name);
});

const base = { dataset: "mnist", hidden: [64], lr: 0.1, epochs: 2, train_samples: 10000, test_samples: 2000 };
const others = [
  ["labels_permuted", { ...base, labels: "permuted" }],
  ["labels_constant", { ...base, labels: "constant" }],
  ["vanishing_gradient", { ...base, activation: "sigmoid", hidden: [32, 32, 32, 32, 32, 32] }],
  ["fading_signal", { ...base, hidden: [64, 64, 64, 64, 64, 64, 64, 64] }],
  ["saturated", { ...base, activation: "tanh", init: "micrograd", hidden: [64, 64, 64], lr: 0.001 }],
  ["initial_loss", { ...base, init: "micrograd" }],
  ["lr_too_high", { ...base, lr: 4 }],
  ["lr_too_low", { ...base, lr: 0.001 }],
  ["overfitting", { ...base, train_samples: 300, hidden: [256], epochs: 60, optimizer: "adam", lr: 0.003 }],
  ["target_out_of_reach", { ...base, hidden: [], target_accuracy: 0.995, epochs: 12 }],
];

test("other causes are told apart, too", async () => {
  const seen = await examine(lab, others.map(([, config]) => config));
  for (const [i, { codes }] of seen.entries()) assert.equal(codes[0], others[i][0], `${codes}`);
});

test("one good batch can be over-fitted, and without a gradient it cannot", async () => {
  const launchBatch = async (config) => {
    const { id } = await lab.launch(config);
    await lab.waitFor(id, "finished");
    const { one_batch: batch } = (await lab.json("GET", `/runs/${id}/diagnosis`)).body;
    const run = (await lab.json("POST", "/runs", { ...config, ...batch.patch, parent: id })).body;
    await lab.waitFor(run.id, "finished");
    const best = Math.max(...(await lab.points(run.id)).map((point) => point.train_accuracy));
    return best >= batch.goal_accuracy;
  };
  assert.equal(await launchBatch({ ...base, validation_samples: 100, test_at: "end", dropout: 0.5 }), true);
  assert.equal(await launchBatch({ ...base, init: "zero" }), false);
});

test("a run can be asked before and while it trains, and with its layers unseen", async () => {
  const { id } = await lab.launch({ ...LONG, diagnostics: false });
  const live = await lab.json("GET", `/runs/${id}/diagnosis`);
  assert.equal(live.status, 200);
  assert.ok(["queued", "running"].includes(live.body.state));
  await lab.json("POST", `/runs/${id}/stop`, {});
  const run = await lab.waitFor(id, "stopped");
  const after = (await lab.json("GET", `/runs/${id}/diagnosis`)).body;
  assert.equal(after.step, run.summary.last_step ?? 0);
  assert.equal((await lab.json("GET", "/runs/99999/diagnosis")).status, 404);
  assert.equal((await lab.json("GET", `/runs/${id}/diagnosis?x=1`)).status, 400);
});

test("numbers that are none are null, and text is whole", async () => {
  const { id } = await lab.launch({ ...MOONS, lr: 1000, activation: "linear", loss: "mse", epochs: 20 });
  const run = await lab.waitFor(id, ["diverged", "finished"]);
  assert.equal(run.state, "diverged");
  const { findings } = (await lab.json("GET", `/runs/${id}/diagnosis`)).body;
  assert.equal(findings[0].code, "lr_too_high");
  assert.equal(findings[0].measured.value, null);
  assert.match(findings[0].text, /after step \d+/);
  assert.ok(findings[0].fix.patch.lr < 1000);
});
