// Numbers that run away: the run ends as diverged at the very step, every answer about it
// is valid JSON or CSV, and every page that shows it lives.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings, closeBrowser, launchBrowser } from "../web/browser.mjs";
import { MOONS, startLab, until } from "../http/client.mjs";
import { report, times } from "./torture.mjs";

/** Eight linear layers at a rate of 1,000. */
const RUNAWAY = { ...MOONS, hidden: Array(8).fill(150), activation: "linear", lr: 1000, epochs: 2, eval_every: 1, train_samples: 16, test_samples: 8, batch_size: 4 };
const ENGINES = ["tensor", "scalar"];
const OPTIMIZERS = ["sgd", "adam", "adamw", "rmsprop"];
const LOSSES = ["cross_entropy", "mse", "hinge"];
const SEEDS = Array.from({ length: times(1, 5) }, (_, i) => i + 1);
const configs = ENGINES.flatMap((engine) => OPTIMIZERS.flatMap((optimizer) => LOSSES.flatMap((loss) => SEEDS.map((seed) => ({ ...RUNAWAY, engine, optimizer, loss, seed })))));
let lab;

before(async () => (lab = await startLab()));
after(async () => {
  await closeBrowser();
  await lab.end();
});

/** Steps of one size each: losses of 1e34 that are linear in it just stay finite. */
const mayHold = ({ optimizer, loss }) => /^adamw?$/.test(optimizer) && loss !== "mse";

const isFinitePoint = ({ train_loss, grad_norm }) => Number.isFinite(train_loss) && Number.isFinite(grad_norm);

async function expectDiverged(config) {
  const { id } = await lab.launch(config);
  const run = await lab.waitFor(id, ["diverged", "finished", "failed"]);
  const what = JSON.stringify([config.engine, config.optimizer, config.loss, config.seed]);
  if (mayHold(config) && run.state === "finished") {
    assert.ok((await lab.points(id)).every(isFinitePoint), what);
    return id;
  }
  assert.equal(run.state, "diverged", what);
  assert.equal(run.stop_reason, "not_finite");
  const points = await lab.points(id);
  assert.ok(points.slice(0, -1).every(isFinitePoint), `${what}: nothing goes on after the first step that is not finite`);
  assert.ok(!isFinitePoint(points.at(-1)), `${what}: the last point shows it`);
  assert.equal(points.at(-1).step, points.length, "a point a step");
  assert.equal(run.summary.last_step, points.length);
  return id;
}

/** Every GET about a run answers with text that is what it says it is. */
async function expectValidAnswers(id) {
  const paths = ["", "/points", "/points?max=2", "/steps", "/layers", "/diagnosis", "/mistakes", "/projection", "/points.csv", "/model.safetensors", "/model.safetensors?which=last"];
  for (const path of paths) {
    const answer = await lab.request("GET", `/runs/${id}${path}`);
    const text = await answer.text();
    assert.ok(answer.status < 500, `${path}: ${answer.status} ${text.slice(0, 200)}`);
    const type = answer.headers.get("content-type");
    if (type.includes("json")) JSON.parse(text);
    if (type.includes("csv")) assert.doesNotMatch(text, /nan|inf/i);
  }
  const { status } = await lab.json("POST", `/runs/${id}/predict`, { inputs: [[0.5, 0.5]] });
  assert.ok(status < 500);
  return paths.length + 1;
}

test(`${configs.length} runs whose numbers run away`, { timeout: 300000 }, async () => {
  let answers = 0;
  for (const config of configs) answers += await expectValidAnswers(await expectDiverged(config));
  for (const path of ["/runs", "/runs?state=diverged", "/runs?sort=last_train_loss", "/runs?sort=-last_train_loss"]) JSON.parse(await (await lab.request("GET", path)).text());
  const diverged = (await lab.json("GET", "/runs?state=diverged&limit=1")).body.total;
  report("Numbers that are not finite", [`${diverged} of ${configs.length} runs (2 engines, 4 optimizers, 3 losses, ${SEEDS.length} seeds) ended as diverged at the first step that was not finite, the others never left the finite numbers; ${answers} answers about them were valid`]);
});

test("a sweep of such runs ends, and says so", { timeout: 60000 }, async () => {
  const { body } = await lab.json("POST", "/sweeps", { base: { ...RUNAWAY, target_accuracy: 0.9 }, space: { lr: { values: [0.01, 100, 1000] } } });
  await until(async () => (await lab.json("GET", `/sweeps/${body.id}`)).body.state === "finished", "the sweep");
  for (const path of ["", "/analysis", "/runs.csv"]) {
    const text = await (await lab.request("GET", `/sweeps/${body.id}${path}`)).text();
    if (!path.endsWith("csv")) JSON.parse(text);
    else assert.doesNotMatch(text, /nan|inf/i);
  }
});

test("pages that show them live", { timeout: 120000 }, async () => {
  const id = await expectDiverged(configs[0]);
  const other = await expectDiverged(configs[1]);
  const context = await (await launchBrowser()).newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  const tabs = ["", "/diagnosis", "/layers", "/mistakes", "/weights", "/try", "/config"].map((tab) => `#/runs/${id}${tab ? `?tab=${tab.slice(1)}` : ""}`);
  for (const hash of ["#/", ...tabs, `#/compare?runs=${id},${other}`, "#/sweeps", "#/sweeps/1"]) {
    await page.goto(`${lab.url}/${hash}`);
    await page.locator("h1").first().waitFor();
    const text = await until(async () => {
      const shown = await page.locator("main").innerText();
      return !/Loading|…$/.test(shown) && shown.length > 40 && shown;
    }, hash);
    assert.doesNotMatch(text, /\bundefined\b|\[object|\bNaN\b/, `${hash}: ${text.slice(0, 400)}`);
  }
  await page.goto(`${lab.url}/#/runs/${id}`);
  await page.getByText("diverged").first().waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await context.close();
  assert.deepEqual(problems.filter((text) => !/status of 4\d\d/.test(text)), []);
});
