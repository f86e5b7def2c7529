// The New page: what it sends, what it estimates, and how it shows what the server refuses.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { api, closeBrowser, withPage } from "./browser.mjs";

after(closeBrowser);

const refused = { allowed: [/status of 400/] };
const launch = (page) => page.getByRole("button", { name: "Launch" }).click();
const json = (page) => page.getByLabel("JSON", { exact: true }).textContent();

test("what the form shows as JSON is what it launches", () =>
  withPage({}, async (page, { daemon }) => {
    await page.getByRole("link", { name: "New run" }).click();
    await page.getByLabel("Dataset").selectOption("moons");
    await page.getByLabel("Learning rate", { exact: true }).fill("0.25");
    await page.getByLabel("Width of hidden layer 1").fill("12");
    await page.getByRole("button", { name: "Add a hidden layer" }).click();
    await page.getByLabel("Epochs").fill("3");
    await page.getByLabel("Target accuracy").fill("0.8");
    await page.getByLabel("Name").fill("by hand");
    const expected = {
      name: "by hand",
      dataset: "moons",
      hidden: [12, 12],
      lr: 0.25,
      epochs: 3,
      target_accuracy: 0.8,
    };
    assert.deepEqual(JSON.parse(await json(page)), expected);
    assert.equal(await page.locator('[data-estimate="parameters"]').textContent(), "218");
    await launch(page);
    await page.waitForURL(/#\/runs\/1$/);
    await page.getByRole("heading", { name: "by hand" }).waitFor();
    const { config } = await api(daemon, "GET", "/runs/1");
    for (const [name, value] of Object.entries(expected))
      assert.deepEqual(config[name], value);
  }));

test("every refused field says why, and the first has the focus", () =>
  withPage(refused, async (page, { daemon }) => {
    await page.goto(`${daemon.url}/#/new`);
    await page.getByLabel("Batch size").fill("0");
    await page.getByLabel("Epochs").fill("many");
    await launch(page);
    const batch = page.getByLabel("Batch size");
    await page.locator('#field-batch_size[aria-invalid="true"]').waitFor();
    assert.ok(await batch.evaluate((node) => node === document.activeElement));
    for (const name of ["batch_size", "epochs"]) {
      const described = await page
        .locator(`#field-${name}`)
        .getAttribute("aria-describedby");
      assert.ok(described.includes(`field-${name}-error`));
      assert.match(await page.locator(`#field-${name}-error`).textContent(), /must be/);
    }
    assert.equal((await api(daemon, "GET", "/runs")).runs.length, 0);
    assert.equal(
      await page.getByLabel("Epochs").inputValue(),
      "many",
      "what was typed stays",
    );

    await batch.fill("64");
    await page.getByLabel("Epochs").fill("2");
    await page.getByLabel("Dataset").selectOption("moons");
    await launch(page);
    await page.waitForURL(/#\/runs\/1$/);
  }));

test("a refused field among the advanced ones is unfolded", () =>
  withPage(refused, async (page, { daemon }) => {
    const config = encodeURIComponent(JSON.stringify({ warmup_steps: -1 }));
    await page.goto(`${daemon.url}/#/new?config=${config}`);
    const advanced = page.locator("details", { hasText: "Advanced" });
    await advanced.locator("summary").click();
    await launch(page);
    await page.locator('#field-warmup_steps[aria-invalid="true"]').waitFor();
    assert.ok(await page.getByLabel("Warmup steps").isVisible());
  }));

test("the slider moves the learning rate in powers of ten", () =>
  withPage({}, async (page, { daemon }) => {
    await page.goto(`${daemon.url}/#/new`);
    const slider = page.getByLabel("Learning rate, slider");
    await slider.fill("-2");
    assert.equal(
      await page.getByLabel("Learning rate", { exact: true }).inputValue(),
      "0.01",
    );
    assert.deepEqual(JSON.parse(await json(page)), { lr: 0.01 });
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(
      await page.getByLabel("Learning rate", { exact: true }).inputValue(),
      "0.011",
    );
  }));

test("a preset fills the form, the address keeps it", () =>
  withPage({}, async (page, { daemon }) => {
    const { presets } = await api(daemon, "GET", "/presets");
    const preset = presets.find(({ kind }) => kind === "run");
    await page.goto(`${daemon.url}/#/new`);
    await page.getByRole("button", { name: preset.title }).click();
    await page.locator('.preset[aria-pressed="true"]').first().waitFor();
    const before = await json(page);
    await page.reload();
    await page.getByLabel("JSON", { exact: true }).waitFor();
    assert.equal(await json(page), before);
  }));

test("a run is edited into a new one that names its parent", () =>
  withPage({}, async (page, { daemon }) => {
    const made = { dataset: "moons", hidden: [6], epochs: 2, seed: 5 };
    await api(daemon, "POST", "/runs", made);
    await page.goto(`${daemon.url}/#/new?from=1`);
    await page.getByLabel("Epochs").fill("4");
    assert.deepEqual(JSON.parse(await json(page)), { ...made, epochs: 4, parent: 1 });
    await launch(page);
    await page.waitForURL(/#\/runs\/2$/);
    assert.equal((await api(daemon, "GET", "/runs/2")).parent, 1);
  }));
