// The tab "Why isn't it learning?" on real runs: findings, fixes, the one-batch test.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, test } from "node:test";
import {
  api,
  axeFindings,
  closeBrowser,
  until,
  untilState,
  withPage,
  looks,
} from "./browser.mjs";

after(closeBrowser);

const folder = new URL("../../config/presets/", import.meta.url);
const preset = (name) =>
  JSON.parse(fs.readFileSync(new URL(`${name}.json`, folder), "utf8")).config;
const tab = (id) => `#/runs/${id}?tab=diagnosis`;
const moons = { dataset: "moons", hidden: [16, 16], epochs: 20 };
const long = { ...moons, hidden: [64, 64], epochs: 100000, eval_every: 500 };

/** Launches, waits for the end and opens the tab. */
async function open(page, daemon, config) {
  const { id } = await api(daemon, "POST", "/runs", config);
  await untilState(daemon, id, "finished", "diverged");
  await page.goto(`${daemon.url}/${tab(id)}`);
  await page.locator(".diagnosis-headline").waitFor();
  return id;
}

/** The run's real answer, changed by the test, in place of the server's. */
const answerWith = (page, id, change) =>
  page.route(`**/runs/${id}/diagnosis`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ json: change(await response.json()) });
  });

test("the planted cause stands on top, and its fix is one click", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await open(page, daemon, preset("92-broken-rate-too-high"));
    const { findings } = await api(daemon, "GET", `/runs/${id}/diagnosis`);
    const cards = page.locator(".finding");
    assert.equal(await cards.count(), findings.length);
    await page.getByText("After step 3,750 (120,000 samples)").waitFor();
    const first = page.getByRole("article", { name: "The learning rate is too high" });
    assert.equal(await cards.first().getAttribute("data-code"), "lr_too_high");
    const words = await first.textContent();
    assert.ok(words.includes(findings[0].text) && words.includes(findings[0].rule));
    assert.match(words, /Critical/);
    assert.match(words, /highest loss against the first [\d.,]+ ×/);
    assert.match(words, /Learning rate: 20 → *\s*0\.1/);
    const chart = first.getByRole("img", { name: /^Training loss by step: loss [\d,.]+ / });
    const spoken = await chart.getAttribute("aria-label");
    assert.match(spoken, /; before the first step: 2\.\d+$/);
    await first.getByText("As a table").click();
    await first.getByRole("region", { name: "Training loss" }).waitFor();
    await first.getByRole("button", { name: "Clone with fix" }).dblclick();
    await page.waitForURL(/#\/runs\/2$/);
    const mended = await untilState(daemon, 2, "finished");
    assert.equal(mended.config.lr, 0.1);
    assert.equal(mended.parent, id);
    assert.ok(mended.summary.best_test_accuracy > 0.9);
    assert.equal((await api(daemon, "GET", "/runs")).runs.length, 2, "launched once");
    await page.goto(`${daemon.url}/${tab(2)}`);
    await page.getByText("Nothing wrong found").waitFor();
  }));

test("every rule can be read, with what was measured", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await open(page, daemon, preset("94-broken-dead-relu"));
    const { checks } = await api(daemon, "GET", `/runs/${id}/diagnosis`);
    const found = checks.filter(({ status }) => status === "found").length;
    const summary = page.getByText(`All ${checks.length} checks`);
    assert.match(await summary.textContent(), new RegExp(`\\d+ fine, ${found} found`));
    await summary.click();
    assert.equal(await page.locator("[data-check]").count(), checks.length);
    const dead = page.locator('[data-check="dead_relu"]');
    assert.match(await dead.textContent(), /found.*dead units: 100 %/s);
    assert.match(
      await page.locator('[data-check="unshuffled"]').textContent(),
      /Batches mix the classes.*fine/,
    );
  }));

test("the lines of a chart can be switched off, each chart's for itself", () =>
  withPage({}, async (page, { daemon }) => {
    const small = { dataset: "mnist", train_samples: 300, test_samples: 2000 };
    const heart = { ...small, hidden: [256], epochs: 60, optimizer: "adam", lr: 0.003 };
    await open(page, daemon, heart);
    const card = page.getByRole("article", { name: "It learns by heart" });
    const box = card.getByLabel("unseen", { exact: true });
    await box.uncheck();
    assert.equal(await box.isChecked(), false);
    assert.equal(await card.getByLabel("training", { exact: true }).isChecked(), true);
  }));

test("one batch: what cannot learn says no, a healthy network yes; a reload keeps it", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await open(page, daemon, preset("91-broken-zero-weights"));
    await page.getByRole("button", { name: "Train on one batch" }).dblclick();
    await page.locator('[data-verdict="no"]').waitFor();
    const batch = await api(daemon, "GET", "/runs/2");
    assert.deepEqual([batch.parent, batch.tags], [id, ["overfit-one-batch"]]);
    assert.equal(batch.config.init, "zero");
    assert.match(page.url(), /batch=2$/);
    await page.reload();
    await page.locator('[data-verdict="no"]').waitFor();
    assert.equal((await api(daemon, "GET", "/runs")).runs.length, 2, "nothing new");

    await open(page, daemon, moons);
    await page.getByRole("button", { name: "Train on one batch" }).click();
    await page.locator('[data-verdict="yes"]').waitFor();
    await page.getByText("Yes, it can.").waitFor();
    await page.getByRole("link", { name: "Run #4" }).click();
    await page.waitForURL(/#\/runs\/4$/);
  }));

test("one batch: no verdict without an answer, or about another run", () =>
  withPage({ allowed: [/404/] }, async (page, { daemon }) => {
    const id = await open(page, daemon, moons);
    const patch = { ...long, tags: ["overfit-one-batch"] };
    await api(daemon, "POST", "/runs", { ...patch, loss: "mse", lr: 1e-9, parent: id });
    await page.goto(`${daemon.url}/${tab(id)}&batch=2`);
    await page.locator('[data-verdict="waiting"]').waitFor();
    await page.getByRole("progressbar").waitFor();
    await api(daemon, "POST", "/runs/2/stop", {});
    await page.locator('[data-verdict="cut"]').waitFor();
    await api(daemon, "DELETE", "/runs/2");
    await page.getByText("Run 2 was deleted.").waitFor();

    await api(daemon, "POST", "/runs", moons);
    await page.goto(`${daemon.url}/${tab(id)}&batch=3`);
    await page.getByText("Run 3 is not this run on one batch.").waitFor();
    await page.goto(`${daemon.url}/${tab(id)}&batch=99`);
    await page.getByText(/^Could not load run 99/).waitFor();
    assert.equal(await page.locator("[data-verdict]").count(), 0);
  }));

test("while a run trains the answer goes on, and nothing jumps away under the cursor", () =>
  withPage({}, async (page, { daemon }) => {
    const { id } = await api(daemon, "POST", "/runs", { ...long, lr: 1e-6 });
    await page.goto(`${daemon.url}/${tab(id)}`);
    const card = page.getByRole("article", { name: "The learning rate is too low" });
    await card.waitFor();
    assert.match(await page.locator(".diagnosis-headline").textContent(), /so far/);
    const button = card.getByRole("button", { name: "Clone with fix" });
    await button.focus();
    const label = () => page.locator("[data-as-of]").getAttribute("data-as-of");
    const before = await label();
    await until(async () => (await label()) !== before, "the numbers to go on");
    assert.ok(await button.evaluate((element) => element === document.activeElement));
    await api(daemon, "POST", `/runs/${id}/stop`, {});
  }));

test("the focus stays when findings change places, and near by when one goes", () =>
  withPage({}, async (page, { daemon }) => {
    let order = [];
    const { id } = await api(daemon, "POST", "/runs", long);
    const finding = (code) => ({
      code,
      severity: "note",
      title: code,
      text: "As it is.",
      measured: { name: "number", value: 1, unit: "" },
      rule: "any",
      threshold: 0,
      evidence: null,
      fix: { text: "Other", patch: { lr: 0.5 } },
    });
    await answerWith(page, id, (real) => ({ ...real, findings: order.map(finding) }));
    order = ["a", "b", "c"];
    await page.goto(`${daemon.url}/${tab(id)}`);
    const cards = page.locator(".finding");
    const become = (codes) =>
      until(async () => {
        const shown = await cards.evaluateAll((all) => all.map((card) => card.dataset.code));
        return shown.join() === codes;
      }, `the findings to be ${codes}`);
    await become("a,b,c");
    const focused = () =>
      page.evaluate(() => {
        const node = document.activeElement;
        return node.closest("[data-code]")?.dataset.code ?? node.className;
      });
    for (const code of ["a", "b", "c"]) {
      await page.locator(`[data-code="${code}"]`).getByRole("button").focus();
      order = [...order].reverse();
      await become(order.join());
      assert.equal(await focused(), code);
    }
    order = ["a", "b"];
    await become("a,b");
    assert.equal(await focused(), "diagnosis-headline");
    await api(daemon, "POST", `/runs/${id}/stop`, {});
  }));

/** Makes the page think that it is hidden, or seen again. */
const hide = (page, hidden) =>
  page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);

/** Counts from now on how often the page asks for a diagnosis. */
function counted(page) {
  const asked = { diagnosis: 0 };
  page.on("request", (request) => {
    if (request.url().endsWith("/diagnosis")) asked.diagnosis++;
  });
  return asked;
}

test("a page that nobody sees asks nothing, and catches up when it is seen", () =>
  withPage({}, async (page, { daemon }) => {
    const { id } = await api(daemon, "POST", "/runs", { ...long, lr: 1e-6 });
    await page.goto(`${daemon.url}/${tab(id)}`);
    const step = () => page.locator("[data-as-of]").getAttribute("data-as-of");
    await until(async () => Number(await step()) > 0, "something measured");
    await hide(page, true);
    const asked = counted(page);
    const shown = Number(await step());
    await until(async () => {
      const { summary } = await api(daemon, "GET", `/runs/${id}`);
      return summary.last_step > shown + 2000;
    }, "the run to go on");
    await api(daemon, "POST", `/runs/${id}/stop`, {});
    const { summary } = await untilState(daemon, id, "stopped");
    await page.locator('.run-head .state[data-state="stopped"]').waitFor();
    assert.ok(Number(await step()) < summary.last_step);
    assert.equal(asked.diagnosis, 0);
    await hide(page, false);
    await until(async () => Number(await step()) === summary.last_step, "the last step");
  }));

test("before the first point the tab says what it goes by", () =>
  withPage({}, async (page, { daemon }) => {
    await api(daemon, "POST", "/runs", { ...long, eval_every: 1000000000 });
    await page.goto(`${daemon.url}/${tab(1)}`);
    await page.getByText(/^Nothing measured yet: /).waitFor();
    await page.getByText(/^Nothing wrong found so far/).waitFor();
    assert.match(await page.locator("details summary").textContent(), /not known yet$/);
  }));

test("a run that ended short of its target links to the reason, asked for once", () =>
  withPage({ viewport: { width: 360, height: 800 } }, async (page, { daemon }) => {
    const { id } = await api(daemon, "POST", "/runs", preset("97-broken-sorted-data"));
    await untilState(daemon, id, "finished");
    const asked = counted(page);
    await page.goto(`${daemon.url}/#/runs/${id}`);
    const link = page.getByRole("link", { name: /Why isn’t it learning\? The samples/ });
    await link.waitFor();
    await page.getByRole("link", { name: "Config", exact: true }).click();
    await page.locator("table.config").waitFor();
    assert.equal(asked.diagnosis, 1);
    await link.click();
    await page.getByRole("article", { name: "The samples are not shuffled" }).waitFor();
    assert.equal(await page.locator(".why-link").count(), 0);
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth > innerWidth,
    );
    assert.equal(wide, false);
  }));

test("a run that did what it was for is not asked about", () =>
  withPage({}, async (page, { daemon }) => {
    await api(daemon, "POST", "/runs", { ...moons, target_accuracy: 0.6 });
    await untilState(daemon, 1, "finished");
    const asked = counted(page);
    await page.goto(`${daemon.url}/#/runs/1`);
    await page.getByText(/^Points as a table \(\d+\)/).waitFor();
    assert.equal(asked.diagnosis, 0);
  }));

const wordy = "Word after word after word. ".repeat(16).trim();
const endless = "Donaudampfschifffahrtsgesellschaft".repeat(6);

/** Whatever a server may answer: long words, names at bars, numbers that are none. */
function extremes(real) {
  const evidence = (more) => ({
    kind: "bars",
    title: wordy.slice(0, 80),
    x_title: "layer",
    y_title: "% of units",
    log: false,
    series: [{ label: "dead", x: ["layer 1", "layer 2"], y: [98, null] }],
    marks: [{ label: "half", value: 50 }],
    ...more,
  });
  const numbers = Array.from({ length: 40 }, (_, i) => i);
  const both = ["training", "unseen"].map((label) => ({ label, x: numbers, y: numbers }));
  const finding = (code, severity, more) => ({
    code,
    severity,
    title: `${code} ${wordy.slice(0, 90)}`,
    text: wordy,
    measured: { name: wordy.slice(0, 60), value: null, unit: "x" },
    rule: wordy.slice(0, 80),
    threshold: 1,
    evidence: null,
    fix: null,
    ...more,
  });
  const fix = { text: wordy, patch: { dataset: endless, hidden: [], lr: 1e-9 } };
  const line = { kind: "line", x_title: "step", y_title: "loss", series: both };
  const findings = [
    finding("one", "critical", { fix, evidence: evidence({}) }),
    finding("two", "warning", { title: endless, evidence: evidence(line) }),
    finding("three", "note", { evidence: evidence({ series: [], marks: [] }) }),
  ];
  return { ...real, findings };
}

/** How much wider than the window the page is. */
const overflow = (page) =>
  page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );

for (const { colorScheme, width } of looks)
  test(`axe finds nothing, and long texts fit: ${colorScheme}, ${width} px`, () =>
    withPage(
      { context: { colorScheme }, viewport: { width, height: 800 } },
      async (page, { daemon }) => {
        const id = await open(page, daemon, moons);
        await page.getByRole("button", { name: "Train on one batch" }).click();
        await page.locator('[data-verdict="yes"]').waitFor();
        await answerWith(page, id, extremes);
        await page.reload();
        await page.locator("[data-verdict]").waitFor();
        await page.getByText("Note", { exact: true }).waitFor();
        for (const summary of await page.locator("main summary").all())
          await summary.click();
        await page.locator("details[open] table").nth(2).waitFor();
        assert.deepEqual(await axeFindings(page), []);
        assert.equal(await overflow(page), 0, "wider than the window");
        const bars = page.getByRole("img", { name: /layer: dead 98 at first/ });
        await bars.focus();
        await page.keyboard.press("Home");
        await page.getByText("layer 1: dead 98", { exact: true }).waitFor();
      },
    ));
