// A person's own data: brought in through the form, trained on, looked at, deleted.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { api, closeBrowser, until, untilState, withPage } from "./browser.mjs";
import { irisCsv, pictureFiles, planeCsv, strange, strangeCsv, upload } from "./uploads.mjs";

after(closeBrowser);

const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
const refused = /status of 4\d\d/;
const add = "#/datasets?add=1";
const submit = (page) => page.getByRole("button", { name: "Add it" });
const train = (page) => page.getByLabel("Training file");
const errorOf = (page, name) => page.locator(`#field-${name}-error`);
const focused = (page) => page.evaluate(() => document.activeElement?.id);
/** The focus follows what is drawn. */
const untilFocused = (page, id) => until(async () => (await focused(page)) === id, `the focus to be on ${id}`);

async function trained(daemon, config) {
  const { id } = await api(daemon, "POST", "/runs", config);
  await untilState(daemon, id, "finished");
  return id;
}

test("iris: through the form to a trained model, its mistakes, a try, and gone again", () =>
  withPage({ allowed: [refused] }, async (page, { daemon }) => {
    await page.getByRole("link", { name: "Datasets" }).click();
    await page.getByRole("link", { name: "Add your own data" }).click();
    await page.getByText("A CSV file has one sample a row").waitFor();
    assert.match(page.url(), /#\/datasets\?add=1$/);
    await train(page).setInputFiles(file("Iris Flowers.csv", irisCsv()));
    await until(async () => (await page.getByLabel("Name").inputValue()) === "iris-flowers", "the name of the file");
    const column = page.getByLabel("Class column");
    assert.equal(await column.locator("option:checked").textContent(), "species");
    assert.equal(await column.locator("option").count(), 5);
    await page.getByLabel("Name").fill("iris");
    await submit(page).click();
    await page.getByRole("heading", { name: "iris", exact: true }).waitFor();
    await page.getByText("iris is here: 120 + 30 samples").waitFor();
    assert.match(page.url(), /#\/datasets\?name=iris$/);
    await page.locator('.dataset-list [aria-pressed="true"]', { hasText: "iris" }).waitFor();
    await page.locator(".sample-table tbody tr").first().waitFor();
    const head = await page.locator(".sample-table thead th").allTextContents();
    assert.deepEqual(head, ["#", "Class", "sepal length", "sepal width", "petal length", "petal width"]);
    const shown = (await page.locator(".sample-table tbody tr").first().locator("td, th").allTextContents()).map((text) => text.trim());
    assert.ok(irisCsv().split("\n").includes([...shown.slice(2), shown[1]].join()), shown.join());
    assert.equal(await page.locator(".column-table tbody tr").count(), 4);

    await page.getByRole("link", { name: "Train on it" }).click();
    await page.locator("[data-estimate=parameters]", { hasText: "1,027" }).waitFor();
    assert.equal(await page.getByLabel("Dataset").inputValue(), "iris");
    await page.getByLabel("Epochs").fill("40");
    await page.getByRole("button", { name: "Launch" }).click();
    await page.waitForURL(/#\/runs\/1$/);
    await page.locator('.run-head .state[data-state="finished"]').waitFor();
    const { summary } = await api(daemon, "GET", "/runs/1");
    assert.ok(summary.best_test_accuracy > 0.85, `accuracy ${summary.best_test_accuracy}`);
    await page.locator(".tile", { hasText: `${(100 * summary.best_test_accuracy).toFixed(2)} %` }).first().waitFor();

    await page.getByRole("link", { name: "Mistakes" }).click();
    await page.locator(".confusion thead th", { hasText: "Iris virginica" }).waitFor();
    await page.locator(".confusion-cell.right").first().click();
    const card = page.locator(".mistake").first();
    const { worst } = await api(daemon, "GET", "/runs/1/mistakes?actual=0&predicted=0&limit=1");
    await card.locator(".sample-values th", { hasText: "petal width" }).waitFor();
    const values = await card.locator(".sample-values td").allTextContents();
    const { columns } = await api(daemon, "GET", "/datasets/iris");
    worst[0].values.forEach((value, i) =>
      assert.ok(Math.abs(Number(values[i]) - (value * columns[i].deviation + columns[i].mean)) < 1e-4));
    await card.getByRole("link", { name: /^Try it with/ }).click();
    await page.getByText("Right: it is Iris setosa").waitFor();
    assert.equal(await page.getByLabel("petal width").inputValue(), values[3]);

    await page.getByRole("link", { name: "Weights" }).click();
    await page.locator(".column-units tbody tr").nth(3).waitFor();

    await page.goto(`${daemon.url}/#/datasets?name=iris`);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Delete iris" }).click();
    await page.getByText(/1 run uses it: delete that first/).waitFor();
    await page.getByRole("link", { name: "Show its runs" }).click();
    await page.locator('tr[data-run="1"]').waitFor();
    assert.equal(await page.getByLabel("Dataset").inputValue(), "iris");
    await page.getByRole("button", { name: "Actions for Run 1" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.locator('tr[data-run="1"]').waitFor({ state: "detached" });
    await page.goto(`${daemon.url}/#/datasets?name=iris`);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Delete iris" }).click();
    await page.getByText("Dataset iris deleted").waitFor();
    await page.locator(".dataset-list button", { hasText: "iris" }).waitFor({ state: "detached" });
    const { datasets } = await api(daemon, "GET", "/datasets");
    assert.ok(!datasets.some(({ name }) => name === "iris"));
  }));

test("what is wrong stands at its field, the first gets the focus, and can be mended", () =>
  withPage({ allowed: [refused] }, async (page, { daemon, folder }) => {
    await page.goto(`${daemon.url}/${add}`);
    await submit(page).click();
    await errorOf(page, "train").getByText("Choose a file.").waitFor();
    await untilFocused(page, "field-train");

    const place = path.join(folder, "bad.csv");
    fs.writeFileSync(place, "height,width,kind\n1,2,a\n2,wide,b\n");
    await train(page).setInputFiles(place);
    await page.getByLabel("Class column").waitFor();
    await submit(page).click();
    await errorOf(page, "train").getByText('line 3, column 2 (width): "wide" is not a finite number').waitFor();
    await untilFocused(page, "field-train");

    fs.writeFileSync(place, "height,width,kind\n1,2,a\n2,3,b\n1,2,a\n2,3,b\n3,3,b\n1,1,a\n");
    await submit(page).click();
    await errorOf(page, "train").getByText("It has changed since it was chosen. Choose it again.").waitFor();
    const chooser = page.waitForEvent("filechooser");
    await train(page).click();
    await (await chooser).setFiles(place);
    await page.getByLabel("Name").fill("Not A Name");
    await page.getByLabel("Share held out").fill("0.9");
    await submit(page).click();
    await errorOf(page, "name").getByText("must be 1 to 31 lower-case letters").waitFor();
    await errorOf(page, "test_share").getByText("must be a number from 0.05 to 0.5").waitFor();
    await untilFocused(page, "field-name");
    await page.getByLabel("Name").fill("mnist");
    await page.getByLabel("Share held out").fill("0.5");
    await submit(page).click();
    await errorOf(page, "name").getByText("there is a dataset mnist already").waitFor();
    await untilFocused(page, "field-name");
    await page.getByLabel("Name").fill("mended");
    await submit(page).click();
    await page.getByRole("heading", { name: "mended", exact: true }).waitFor();
  }));

test("IDX pictures ask for labels; other sizes than MNIST's are shown right; test files", () =>
  withPage({}, async (page, { daemon }) => {
    const { pictures, labels } = pictureFiles();
    await page.goto(`${daemon.url}/${add}`);
    const choose = (label, name, buffer) => page.getByLabel(label).setInputFiles({ name, mimeType: "application/octet-stream", buffer });
    await choose("Training file", "bars.idx.gz", gzipSync(pictures));
    await page.getByLabel("Training labels").waitFor();
    assert.equal(await page.getByLabel("Class column").count(), 0);
    await choose("Training labels", "labels", labels);
    await page.getByLabel("A file of its own").check();
    const { pictures: others, labels: answers } = pictureFiles(12, 5, 20);
    await choose("Test file", "test", others);
    await choose("Test labels", "test-labels", gzipSync(answers));
    await submit(page).click();
    await page.getByText("bars is here: 60 + 20 samples").waitFor();
    const picture = page.locator(".pictures canvas").first();
    const { width, height } = await picture.boundingBox();
    assert.ok(Math.abs(width / height - 12 / 5) < 0.05, `${width} x ${height}`);
    const id = await trained(daemon, { dataset: "bars", hidden: [8], epochs: 20 });
    await page.goto(`${daemon.url}/#/runs/${id}?tab=try`);
    await page.getByText("Sample 0 of 20 is a").waitFor();
    await page.getByText(/^Right: it is [01]$/).waitFor();
    await page.goto(`${daemon.url}/#/runs/${id}?tab=weights`);
    const tile = page.locator(".weight-tile canvas").first();
    await tile.waitFor();
    assert.deepEqual(await tile.evaluate(({ width, height }) => [width, height]), [12, 5]);
    await page.goto(`${daemon.url}/#/runs/${id}?tab=mistakes&actual=1&predicted=1`);
    assert.deepEqual(await page.locator(".mistake canvas").first().evaluate(({ width, height }) => [width, height]), [12, 5]);
  }));

test("a file dropped on the form is taken, and on the page around it does no harm", () =>
  withPage({}, async (page, { daemon }) => {
    await page.goto(`${daemon.url}/${add}`);
    const data = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "dropped.csv"));
      return transfer;
    }, irisCsv());
    await page.dispatchEvent(".add-form h2", "drop", { dataTransfer: data });
    await page.dispatchEvent(".drop", "dragover", { dataTransfer: data });
    await page.locator(".drop-over").waitFor();
    await page.dispatchEvent(".drop", "drop", { dataTransfer: data });
    await until(async () => (await page.getByLabel("Name").inputValue()) === "dropped", "the name");
    assert.equal(await train(page).evaluate((input) => input.files[0].name), "dropped.csv");
    await submit(page).click();
    await page.getByText("dropped is here: 120 + 30 samples").waitFor();
  }));

test("an upload shows how far it is and can be called off", () =>
  withPage({}, async (page, { daemon }) => {
    await page.goto(`${daemon.url}/${add}`);
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200000 });
    const row = `${"1.25,".repeat(19)}a\n`;
    const text = `${"x,".repeat(19)}class\n${row.repeat(20000)}`;
    await train(page).setInputFiles(file("large.csv", text));
    await submit(page).click();
    const bar = page.getByRole("progressbar", { name: "Upload" });
    await bar.waitFor();
    await page.getByText(/^\d+\.\d of 1\.\d MiB$/).waitFor();
    await until(async () => (await bar.evaluate((node) => node.value)) > 0, "some of it to be sent");
    await page.getByRole("button", { name: "Cancel" }).click();
    await bar.waitFor({ state: "detached" });
    await submit(page).waitFor();
    const { datasets } = await api(daemon, "GET", "/datasets");
    assert.ok(!datasets.some(({ uploaded }) => uploaded));
  }));

test("typed values in the file's units are tried; the address keeps them", () =>
  withPage({}, async (page, { daemon }) => {
    const { columns } = await upload(daemon, { name: "iris" }, { train: irisCsv() });
    const id = await trained(daemon, { dataset: "iris", hidden: [16], epochs: 60 });
    await page.goto(`${daemon.url}/#/runs/${id}?tab=try`);
    await page.getByText("Sample 0 of 30 is a").waitFor();
    const values = [6.7, 3.1, 5.6, 2.1];
    for (const [i, { name }] of columns.entries()) await page.getByLabel(name).fill(String(values[i]));
    await page.getByText(/^Looks like Iris virginica, /).waitFor();
    const inputs = [values.map((value, i) => (value - columns[i].mean) / columns[i].deviation)];
    const { outputs } = await api(daemon, "POST", `/runs/${id}/predict`, { inputs });
    const shown = page.locator('.answer-bars [data-class="2"] .num');
    const expected = 100 * outputs[0][2];
    await until(async () => Math.abs(parseFloat(await shown.textContent()) - expected) < 0.11, `the bar to say ${expected}`);
    await page.getByText("One of 30 that the model has not been trained on.").waitFor();
    await until(() => page.url().endsWith("at=6.7,3.1,5.6,2.1"), "the values in the address");
    await page.getByLabel("petal width").fill("2,1");
    await page.getByText("must be a number").waitFor();
    await page.reload();
    await page.getByText(/^Looks like Iris virginica, /).waitFor();
    assert.equal(await page.getByLabel("petal width").inputValue(), "2.1");
    await page.getByRole("button", { name: "Next test sample" }).click();
    await page.getByText("Sample 0 of 30 is a").waitFor();
    await until(() => /sample=0/.test(page.url()) && !/at=/.test(page.url()), "the sample in the address");
  }));

test("a table of two columns is a plane with its own numbers and names", () =>
  withPage({}, async (page, { daemon }) => {
    await upload(daemon, { name: "money" }, { train: planeCsv() });
    const id = await trained(daemon, { dataset: "money", hidden: [8], epochs: 30 });
    await page.goto(`${daemon.url}/#/datasets?name=money`);
    await page.locator(".scatter text", { hasText: /^1950$/ }).waitFor();
    await page.getByText("→ year").waitFor();
    await page.goto(`${daemon.url}/#/runs/${id}?tab=try`);
    await page.getByLabel("year").fill("2005");
    await page.getByLabel("income").fill("57000");
    await page.getByText(/^Looks like rich, /).waitFor();
    await page.locator("[data-place]", { hasText: /At year 200\d(\.\d)?, income 5[67]\d\d\d\./ }).waitFor();
    const pad = await page.locator(".plane-pad").boundingBox();
    await page.mouse.click(pad.x + 0.15 * pad.width, pad.y + 0.85 * pad.height);
    await page.getByText(/^Looks like poor, /).waitFor();
    assert.match(await page.getByLabel("year").inputValue(), /^19[45]\d(\.\d\d?)?$/);
    await page.goto(`${daemon.url}/#/runs/${id}?tab=weights`);
    await page.getByRole("columnheader", { name: "Weight of income" }).waitFor();
  }));

test("names are plain text, and more columns than can be typed are sampled", () =>
  withPage({}, async (page, { daemon }) => {
    await upload(daemon, { name: "strange" }, { train: strangeCsv(70) });
    const id = await trained(daemon, { dataset: "strange", hidden: [8], epochs: 3 });
    for (const hash of ["datasets?name=strange", "datasets?name=strange&columns=all", ...["mistakes", "try", "weights"].map((tab) => `runs/${id}?tab=${tab}`)]) {
      await page.goto(`${daemon.url}/#/${hash}`);
      await page.getByText(strange.markup, { exact: true }).or(page.getByText("3 × 70").or(page.getByText("8 × 70"))).first().waitFor();
      assert.equal(await page.locator("main b").count(), 0);
      assert.ok(!(await page.locator("main").textContent()).includes("\u202e"), hash);
    }
    await page.goto(`${daemon.url}/#/runs/${id}?tab=try`);
    await page.getByText("It has 70 columns: too many to type, so take test samples.").waitFor();
    await page.getByText(/^Looks like /).waitFor();
    await page.goto(`${daemon.url}/#/datasets?name=strange`);
    await page.getByRole("button", { name: "Show all (70)" }).click();
    await until(async () => (await page.locator(".column-table tbody tr").count()) === 70, "all columns");
    await page.goto(`${daemon.url}/${add}`);
    await train(page).setInputFiles(file("s.csv", strangeCsv()));
    await page.getByLabel("Class column").waitFor();
    assert.equal((await page.getByLabel("Class column").locator("option").allTextContents())[1], "x\ufffdgnp");
  }));

test("the forms and the filter of runs list one's own data", () =>
  withPage({}, async (page, { daemon }) => {
    await upload(daemon, { name: "iris", title: "My flowers" }, { train: irisCsv() });
    await trained(daemon, { dataset: "iris", epochs: 1 });
    await trained(daemon, { dataset: "moons", epochs: 1 });
    await page.goto(`${daemon.url}/#/sweeps/new`);
    await page.locator("[data-estimate]").first().waitFor();
    await page.locator("details", { has: page.locator("#field-base\\.dataset") }).locator("summary").click();
    await page.locator("#field-base\\.dataset").selectOption("iris");
    await page.goto(`${daemon.url}/#/new`);
    await page.getByLabel("Dataset").selectOption("iris");
    await page.getByText("4 – 128 – 3").waitFor();
    await page.locator("[data-estimate=steps]", { hasText: "40 (4 an epoch)" }).waitFor();
    await page.goto(`${daemon.url}/#/`);
    await page.locator('tr[data-run="2"]').waitFor();
    await page.getByLabel("Dataset").selectOption("iris");
    await page.locator('tr[data-run="2"]').waitFor({ state: "detached" });
    await page.locator('tr[data-run="1"]').waitFor();
    assert.match(page.url(), /dataset=iris/);
  }));

test("all of it by keyboard", () =>
  withPage({}, async (page, { daemon }) => {
    const chooser = page.waitForEvent("filechooser");
    await page.goto(`${daemon.url}/#/datasets`);
    await page.getByRole("link", { name: "Add your own data" }).focus();
    await page.keyboard.press("Enter");
    await until(() => page.evaluate(() => document.activeElement?.textContent === "Add your own data" && document.activeElement.tagName === "H2"), "the form to have the focus");
    await page.keyboard.press("Tab");
    await untilFocused(page, "field-train");
    await page.keyboard.press("Enter");
    await (await chooser).setFiles(file("keys.csv", irisCsv()));
    await page.getByLabel("Class column").waitFor();
    await page.keyboard.press("Tab");
    await untilFocused(page, "field-class_column");
    await page.keyboard.press("Tab");
    await untilFocused(page, "field-name");
    await page.keyboard.press("End");
    await page.keyboard.type("-1");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "keys-1", exact: true }).waitFor();
    await untilFocused(page, "main");
    await page.getByRole("button", { name: "Delete", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Delete keys-1" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Dataset keys-1 deleted").waitFor();
  }));
