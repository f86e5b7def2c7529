// The tab "Why isn't it learning?" on real runs: findings, fixes, the one-batch test.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, test } from "node:test";
import { api, closeBrowser, until, untilState, withPage } from "./browser.mjs";

after(closeBrowser);

const preset = (name) =>
  JSON.parse(fs.readFileSync(`config/presets/${name}.json`, "utf8")).config;
const tab = (id) => `#/runs/${id}?tab=diagnosis`;

/** Launches, waits for the end and opens the tab. */
async function open(page, daemon, config) {
  const { id } = await api(daemon, "POST", "/runs", config);
  await untilState(daemon, id, "finished", "diverged");
  await page.goto(`${daemon.url}/${tab(id)}`);
  await page.locator(".diagnosis-headline").waitFor();
  return id;
}

test("the planted cause stands on top, and its fix is one click", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await open(page, daemon, preset("92-broken-rate-too-high"));
    const { findings } = await api(daemon, "GET", `/runs/${id}/diagnosis`);
    const cards = page.locator(".finding");
    assert.equal(await cards.count(), findings.length);
    const first = page.getByRole("article", { name: "The learning rate is too high" });
    assert.equal(await cards.first().getAttribute("data-code"), "lr_too_high");
    const words = await first.textContent();
    assert.ok(words.includes(findings[0].text) && words.includes(findings[0].rule));
    assert.match(words, /Learning rate: 20 → *\s*0\.1/);
    await first.getByRole("img", { name: /^Training loss by step: \d+ values/ }).waitFor();
    await first.getByText("As a table").click();
    await first.getByRole("region", { name: "Training loss" }).waitFor();
    await first.getByRole("button", { name: "Clone with fix" }).click();
    await page.waitForURL(/#\/runs\/2$/);
    const mended = await untilState(daemon, 2, "finished");
    assert.equal(mended.config.lr, 0.1);
    assert.equal(mended.parent, id);
    assert.ok(mended.summary.best_test_accuracy > 0.9);
    await page.goto(`${daemon.url}/${tab(2)}`);
    await page.getByText("Nothing wrong found").waitFor();
  }));

test("every rule can be read, with what was measured", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await open(page, daemon, preset("94-broken-dead-relu"));
    const { checks } = await api(daemon, "GET", `/runs/${id}/diagnosis`);
    await page.getByText(`All ${checks.length} checks`).click();
    assert.equal(await page.locator("[data-check]").count(), checks.length);
    const dead = page.locator('[data-check="dead_relu"]');
    assert.match(await dead.textContent(), /found.*dead units 100 %/);
    assert.match(
      await page.locator('[data-check="unshuffled"]').textContent(),
      /Batches mix the classes.*fine/,
    );
  }));

test("one batch: what cannot learn says no, a healthy network yes; a reload keeps it", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await open(page, daemon, preset("91-broken-zero-weights"));
    await page.getByRole("button", { name: "Try it" }).click();
    await page.locator('[data-verdict="no"]').waitFor();
    const batch = await api(daemon, "GET", "/runs/2");
    assert.deepEqual([batch.parent, batch.tags], [id, ["overfit-one-batch"]]);
    assert.equal(batch.config.init, "zero");
    await page.reload();
    await page.locator('[data-verdict="no"]').waitFor();
    assert.equal((await api(daemon, "GET", "/runs")).runs.length, 2, "nothing new");

    await open(page, daemon, { dataset: "moons", hidden: [16, 16], epochs: 20 });
    await page.getByRole("button", { name: "Try it" }).click();
    await page.locator('[data-verdict="yes"]').waitFor();
    await page.getByText("Yes, it can.").waitFor();
  }));

test("while a run trains the answer goes on, and nothing jumps away under the cursor", () =>
  withPage({}, async (page, { daemon }) => {
    const long = { dataset: "moons", hidden: [8], lr: 1e-6, epochs: 100000, eval_every: 500 };
    const { id } = await api(daemon, "POST", "/runs", long);
    await page.goto(`${daemon.url}/${tab(id)}`);
    const card = page.getByRole("article", { name: "The learning rate is too low" });
    await card.waitFor();
    assert.match(await page.locator(".diagnosis-headline").textContent(), /so far/);
    const button = card.getByRole("button", { name: "Clone with fix" });
    await button.focus();
    const label = () => card.getByRole("img").getAttribute("aria-label");
    const before = await label();
    await until(async () => (await label()) !== before, "the numbers to go on");
    assert.ok(await button.evaluate((element) => element === document.activeElement));
    await api(daemon, "POST", `/runs/${id}/stop`, {});
  }));

test("a run that ended short of its target links to the reason", () =>
  withPage({ viewport: { width: 360, height: 800 } }, async (page, { daemon }) => {
    const { id } = await api(daemon, "POST", "/runs", preset("97-broken-sorted-data"));
    await untilState(daemon, id, "finished");
    await page.goto(`${daemon.url}/#/runs/${id}`);
    const link = page.getByRole("link", { name: /Why isn’t it learning\? The samples/ });
    await link.click();
    await page.getByRole("article", { name: "The samples are not shuffled" }).waitFor();
    assert.equal(await page.locator(".why-link").count(), 0);
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth > innerWidth,
    );
    assert.equal(wide, false);
  }));
