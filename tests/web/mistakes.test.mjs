// The Mistakes tab: a confusion matrix to walk through, and the samples behind its cells.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { api, closeBrowser, until, untilState, withPage } from "./browser.mjs";

after(closeBrowser);

const digits = { dataset: "mnist", hidden: [16], epochs: 1, train_samples: 4000 };
const tab = "#/runs/1?tab=mistakes";
const examples = (page) => page.locator(".mistake");

async function open(page, daemon, config) {
  await api(daemon, "POST", "/runs", config);
  await untilState(daemon, 1, "finished");
  await page.goto(`${daemon.url}/${tab}`);
  await examples(page).first().waitFor();
  return api(daemon, "GET", "/runs/1/mistakes?limit=100");
}

test("the numbers on the page are the server's", () =>
  withPage({}, async (page, { daemon }) => {
    const answer = await open(page, daemon, digits);
    const cells = await page.locator(".confusion tbody td").allTextContents();
    assert.deepEqual(cells.map((text) => Number(text.trim() || 0)), answer.confusion.flat());
    const shown = `${(100 * answer.accuracy).toFixed(2)} %`;
    await page.getByText(`The best weights so far get ${shown} of 10,000 test samples right`).waitFor();
    for (const { label, support, recall } of answer.per_class) {
      const row = page.locator(`tr[data-class="${label}"] td`);
      const texts = (await row.allTextContents()).map((text) => text.trim());
      assert.equal(texts[0], support.toLocaleString("en-US"));
      assert.equal(texts[2], `${(100 * recall).toFixed(1)} %`);
    }
    const [first] = answer.worst;
    const card = examples(page).first();
    const sure = first.outputs[first.predicted];
    const text = await card.locator(".verdict").textContent();
    assert.match(text, new RegExp(`^Says ${first.predicted}, is ${first.label} \\(.+ % sure\\)$`));
    if (sure < 0.999) assert.ok(text.includes(`${(100 * sure).toFixed(1)} % sure`), text);
    await card.getByRole("img", { name: `Test sample ${first.index}: ${text}` }).waitFor();
    await card.getByRole("img", { name: /^Probabilities: / }).waitFor();
    const lit = await card.locator("canvas").evaluate((canvas) =>
      [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data].filter((value, i) => i % 4 === 0 && value > 0).length);
    assert.ok(lit > 20);

    await page.getByRole("button", { name: /^Show more/ }).click();
    await until(async () => (await examples(page).count()) === 48, "48 examples");
    assert.match(page.url(), /pages=2$/);
    const places = await examples(page).evaluateAll((nodes) => nodes.map((node) => Number(node.dataset.sample)));
    assert.deepEqual(places, answer.worst.slice(0, 48).map(({ index }) => index));
    await card.getByRole("link", { name: `Try it with test sample ${first.index}` }).click();
    await page.getByText(`Wrong: it is ${first.label}`).waitFor();
  }));

test("a cell filters by click and by keyboard, and the address keeps it", () =>
  withPage({}, async (page, { daemon }) => {
    const { confusion } = await open(page, daemon, digits);
    await page.locator(".confusion-cell").first().focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: `Is 4, says 9 (${confusion[4][9]})` }).waitFor();
    assert.match(page.url(), /actual=4&predicted=9$/);
    await until(async () => (await examples(page).count()) === Math.min(24, confusion[4][9]), "the cell's samples");
    const texts = await page.locator(".verdict").allTextContents();
    assert.ok(texts.every((text) => text.startsWith("Says 9, is 4 (")));
    assert.equal(await page.locator('.confusion-cell[aria-pressed="true"]').count(), 1);

    await page.reload();
    await page.getByRole("heading", { name: /^Is 4, says 9/ }).waitFor();
    await page.getByRole("gridcell").getByRole("button", { name: /^is 1, says 1:/ }).click();
    await page.getByRole("heading", { name: /^Is 1, says 1/ }).waitFor();
    await until(async () => (await page.locator(".verdict").first().textContent()).startsWith("Says 1, rightly ("), "right ones");
    await page.getByRole("button", { name: "Show all mistakes" }).click();
    await page.getByRole("heading", { name: /^Worst mistakes/ }).waitFor();
    assert.match(page.url(), /tab=mistakes$/);
  }));

test("points in the plane are marked among the others; one output is no probability", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, { dataset: "moons", hidden: [8], epochs: 2, loss: "hinge" });
    await page.locator(".mistake .dots").first().waitFor();
    assert.equal(await page.locator(".mistake .place").count(), await examples(page).count());
    assert.match(await page.locator(".verdict").first().textContent(), /^Says (upper|lower) moon, is (upper|lower) moon \(output -?[\d.]+\)$/);
    await page.getByText("The bar is the model's only output").waitFor();
    assert.equal(await page.locator(".confusion-cell.right:not(i)").count(), 2);
  }));

test("mistakes appear with the first point and follow the run", () =>
  withPage({}, async (page, { daemon }) => {
    const slow = { dataset: "spirals", hidden: [8], lr: 0.0001, epochs: 100000, eval_every: 1000000000 };
    await api(daemon, "POST", "/runs", slow);
    await page.goto(`${daemon.url}/${tab}`);
    await page.getByText("No weights yet. Its mistakes appear with this run's first point.").waitFor();
    await api(daemon, "POST", "/runs/1/stop", {});
    await examples(page).first().waitFor();
    const live = { dataset: "spirals", hidden: [32], lr: 0.02, epochs: 100000, eval_every: 100 };
    await api(daemon, "POST", "/runs", live);
    await page.goto(`${daemon.url}/#/runs/2?tab=mistakes`);
    const accuracy = page.locator("[data-accuracy]");
    await accuracy.waitFor();
    const first = Number(await accuracy.getAttribute("data-accuracy"));
    await until(async () => Number(await accuracy.getAttribute("data-accuracy")) > first, "the accuracy to rise");
    await api(daemon, "POST", "/runs/2/stop", {});
    const { summary } = await untilState(daemon, 2, "stopped");
    await until(async () => Number(await accuracy.getAttribute("data-accuracy")) === summary.best_test_accuracy, "the last of it");
  }));
