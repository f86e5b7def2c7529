// For everyone: axe on every page in both themes and at both widths, and the keyboard.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { after, test } from "node:test";
import { api, axeFindings, closeBrowser, untilState, withPage, looks } from "./browser.mjs";
import { irisCsv, pictureFiles, planeCsv, strangeCsv, upload } from "./uploads.mjs";

after(closeBrowser);

const quick = { dataset: "moons", hidden: [8], epochs: 5 };

/** Pages, and what shows that each stands. */
const pages = [
  ["#/", "table.runs tbody tr"],
  ["#/?sel=1,2", ".selection"],
  ["#/new", ".launch"],
  ["#/sweeps", ".empty"],
  ["#/sweeps/new", "[data-estimate]"],
  ["#/runs/1?smooth=0.5", ".chart canvas"],
  ["#/runs/1?tab=config", "table.config"],
  ["#/runs/2?tab=diagnosis", ".finding"],
  ["#/runs/2?tab=diagnosis&batch=3", "[data-verdict=no]"],
  ["#/runs/1?tab=mistakes", ".mistake .place"],
  ["#/runs/1?tab=weights", ".weight-arrows path"],
  ["#/runs/1?tab=try", ".answer-bars .said"],
  ["#/runs/4?tab=mistakes&actual=4&predicted=9", ".mistake canvas"],
  ["#/runs/4?tab=weights", ".weight-tile canvas"],
  ["#/runs/4?tab=try", ".pad-empty"],
  ["#/runs/4?tab=try&sample=1", ".answer-bars .said"],
  ["#/runs/5?tab=mistakes", ".mistake .place"],
  ["#/runs/5?tab=try", ".answer-bars tbody tr"],
  ["#/anatomy/neuron", ".graph svg"],
  ["#/anatomy/neuron?tour=2", ".tour"],
  ["#/anatomy/formula", ".graph svg"],
  ["#/compare", ".empty"],
  ["#/compare?ids=1,2", ".comparison tbody tr"],
  ["#/datasets", ".pictures canvas"],
  ["#/datasets?name=moons", ".scatter circle"],
  ["#/datasets?add=1", ".add-form"],
  ["#/datasets?name=strange&columns=all", ".sample-table tbody tr"],
  ["#/datasets?name=money", ".scatter circle"],
  ["#/datasets?name=bars", ".pictures canvas"],
  ["#/runs/6?tab=mistakes&actual=1&predicted=1", ".mistake .sample-values"],
  ["#/runs/6?tab=weights", ".column-units canvas"],
  ["#/runs/6?tab=try", ".answer-bars .said"],
  ["#/runs/7?tab=mistakes", ".mistake .sample-values"],
  ["#/runs/7?tab=try", ".answer-bars .said"],
  ["#/runs/8?tab=weights", ".weight-arrows path"],
  ["#/runs/8?tab=try", ".answer-bars .said"],
  ["#/system", ".system-cards"],
  ["#/nowhere", ".empty"],
];

async function prepare(daemon) {
  const long = "A name so long that it fits nowhere, ".repeat(5).trim();
  await api(daemon, "POST", "/runs", {
    ...quick,
    name: long,
    target_accuracy: 0.8,
    tags: ["one"],
  });
  await api(daemon, "POST", "/runs", { ...quick, lr: 0.0002 });
  await api(daemon, "POST", "/runs", { ...quick, lr: 0.0002, parent: 2 });
  await api(daemon, "POST", "/runs", {
    dataset: "mnist",
    hidden: [16],
    epochs: 1,
    train_samples: 4000,
  });
  await api(daemon, "POST", "/runs", { ...quick, loss: "hinge" });
  await upload(daemon, { name: "iris" }, { train: irisCsv() });
  await upload(daemon, { name: "strange" }, { train: strangeCsv(70) });
  await upload(daemon, { name: "money" }, { train: planeCsv() });
  const { pictures, labels } = pictureFiles();
  await upload(daemon, { name: "bars" }, { train: pictures, train_labels: labels });
  for (const dataset of ["iris", "strange", "money"])
    await api(daemon, "POST", "/runs", { dataset, hidden: [8], epochs: 2 });
  for (const id of [1, 2, 3, 4, 5, 6, 7, 8]) await untilState(daemon, id, "finished");
}

/** What the form for one's own data and the way to delete it come to look like. */
async function formStates(page, daemon) {
  await page.goto(`${daemon.url}/#/datasets?add=1`);
  const { pictures } = pictureFiles();
  const input = page.getByLabel("Training file");
  await input.setInputFiles({ name: "x.idx", mimeType: "", buffer: pictures });
  await page.getByLabel("Training labels").waitFor();
  await page.getByLabel("A file of its own").check();
  assert.deepEqual(await axeFindings(page), [], "IDX files");
  const buffer = Buffer.from(strangeCsv().replace("0.", "x"));
  await input.setInputFiles({ name: "x.csv", mimeType: "", buffer });
  await page.getByLabel("A share of the rows").check();
  await page.getByRole("button", { name: "Add it" }).click();
  await page.getByText(/line 2, column 2 /).waitFor();
  assert.deepEqual(await axeFindings(page), [], "a refused file");
  await page.goto(`${daemon.url}/#/datasets?name=iris`);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete iris" }).click();
  await page.getByText(/uses it/).waitFor();
  assert.deepEqual(await axeFindings(page), [], "a refused deletion");
}

for (const { colorScheme, width } of looks)
  test(`axe finds nothing: ${colorScheme}, ${width} px`, () =>
    withPage(
      {
        context: { colorScheme },
        viewport: { width, height: 800 },
        allowed: [/status of 4(00|09)/],
      },
      async (page, { daemon }) => {
        await page.getByRole("button", { name: /^Train your first/ }).waitFor();
        assert.deepEqual(await axeFindings(page), [], "first run");
        await prepare(daemon);
        for (const [hash, shown] of pages) {
          await page.goto(`${daemon.url}/${hash}`);
          await page.locator(shown).first().waitFor();
          assert.deepEqual(await axeFindings(page), [], hash);
          const over = await page.evaluate(
            () =>
              document.documentElement.scrollWidth -
              document.documentElement.clientWidth,
          );
          assert.equal(over, 0, `${hash} is wider than the window`);
        }
        await formStates(page, daemon);
      },
    ));

/** Presses Tab until the focus is on something called `name`. */
async function tabTo(page, name) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const node = document.activeElement;
      return (node?.getAttribute("aria-label") ?? node?.textContent ?? "").trim();
    });
    if (here.startsWith(name)) return;
  }
  assert.fail(`the keyboard does not reach “${name}”`);
}

test("a whole journey by keyboard: launch, pause, resume, stop, compare, delete, undo", () =>
  withPage({}, async (page, { daemon }) => {
    await page.getByRole("button", { name: /^Train your first/ }).waitFor();
    await tabTo(page, "New run");
    await page.keyboard.press("Enter");
    await page.getByLabel("Epochs").focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("100000");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/runs\/1$/);
    const shows = (state) =>
      page.locator(`.run-head .state[data-state="${state}"]`).waitFor();
    await shows("running");
    for (const [name, state] of [
      ["Pause", "paused"],
      ["Resume", "running"],
      ["Stop", "stopped"],
    ]) {
      await tabTo(page, name);
      await page.keyboard.press("Enter");
      await shows(state);
    }
    await api(daemon, "POST", "/runs", quick);
    await untilState(daemon, 2, "finished");
    await tabTo(page, "Skip to the page");
    await tabTo(page, "Runs");
    await page.keyboard.press("Enter");
    await page.locator('tr[data-run="2"]').waitFor();
    for (const id of [2, 1]) {
      await tabTo(page, `Select Run ${id}`);
      await page.keyboard.press("Space");
    }
    await page.getByRole("link", { name: "Compare (2)" }).waitFor();
    await tabTo(page, "Compare (2)");
    await page.keyboard.press("Enter");
    await page.getByRole("img", { name: /^test accuracy: 2 runs/ }).waitFor();

    await page.goto(`${daemon.url}/#/`);
    await page.locator('tr[data-run="2"]').waitFor();
    await tabTo(page, "Actions for Run 2");
    await page.keyboard.press("Enter");
    await tabTo(page, "Delete");
    await page.keyboard.press("Enter");
    await page.locator('tr[data-run="2"]').waitFor({ state: "detached" });
    await tabTo(page, "Undo");
    await page.keyboard.press("Enter");
    await page.locator('tr[data-run="2"]').waitFor();
  }));

test("the theme is switched by hand and stays", () =>
  withPage({ context: { colorScheme: "light" } }, async (page) => {
    const ground = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await page.getByRole("button", { name: "Theme: auto. Switch to light." }).click();
    await page.getByRole("button", { name: "Theme: light. Switch to dark." }).click();
    assert.notEqual(await ground(), light);
    await page.reload();
    await page.getByRole("button", { name: "Theme: dark. Switch to auto." }).click();
    assert.equal(await ground(), light);
  }));

test("the screenshot for the README", () =>
  withPage({ viewport: { width: 1280, height: 760 } }, async (page, { daemon }) => {
    const update = process.env.UPDATE_SCREENSHOT === "1";
    const file = update
      ? fileURLToPath(new URL("../../docs/screenshot.png", import.meta.url))
      : path.join(os.tmpdir(), `sweetspot-screenshot-${process.pid}.png`);
    const config = {
      name: "First digits",
      epochs: 10,
      target_accuracy: 0.97,
      eval_every: 250,
    };
    await api(daemon, "POST", "/runs", config);
    await untilState(daemon, 1, "finished");
    await page.goto(`${daemon.url}/#/runs/1?smooth=0.5`);
    await page.locator('.run-head .state[data-state="finished"]').waitFor();
    await page.getByText("Points as a table (75)").waitFor();
    await page.waitForTimeout(600);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    await page.screenshot({ path: file });
    assert.ok(fs.statSync(file).size > 20000);
    if (!update) fs.rmSync(file);
  }));
