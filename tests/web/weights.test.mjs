// The Weights tab: pictures of the first layer, matrices behind it, arrows in the plane.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { readSafetensors } from "../../web/src/logic/safetensors.js";
import { api, closeBrowser, until, untilState, withPage } from "./browser.mjs";

after(closeBrowser);

const tab = "#/runs/1?tab=weights";
const tiles = (page) => page.locator(".weight-tile");
const numbers = (locator) => locator.evaluateAll((nodes) => nodes.map((node) => Number(node.dataset.unit)));

async function open(page, daemon, config) {
  await api(daemon, "POST", "/runs", config);
  await untilState(daemon, 1, "finished");
  await page.goto(`${daemon.url}/${tab}`);
  const response = await fetch(`${daemon.url}/runs/1/model.safetensors`);
  return readSafetensors(await response.arrayBuffer());
}

/** Red and blue of every pixel of a canvas. */
const pixelsOf = (canvas) =>
  canvas.evaluate((node) => {
    const { data } = node.getContext("2d").getImageData(0, 0, node.width, node.height);
    return Array.from({ length: data.length / 4 }, (_, i) => [data[4 * i], data[4 * i + 2]]);
  });

test("a tile a unit: blue where the weight is above 0, orange where below; all of them on demand", () =>
  withPage({ context: { colorScheme: "light" } }, async (page, { daemon }) => {
    const model = await open(page, daemon, { dataset: "mnist", hidden: [100, 12], epochs: 1, train_samples: 3000 });
    await tiles(page).first().waitFor();
    assert.equal(await tiles(page).count(), 64);
    const { data } = model.get("layers.0.weight");
    const pixels = await until(async () => {
      const found = await pixelsOf(tiles(page).nth(5).locator("canvas"));
      return found.some(([red, blue]) => red !== blue) && found;
    }, "the tile to be painted");
    const weights = data.subarray(5 * 784, 6 * 784);
    pixels.forEach(([red, blue], i) => {
      if (Math.abs(weights[i]) < 0.01) return;
      assert.ok(weights[i] > 0 ? blue > red : red > blue, `${i}: ${weights[i]}`);
    });
    const legend = await page.locator(".signed-legend").first().locator("span").allTextContents();
    const [low, high] = legend.map(Number);
    assert.ok(high > 0 && low === -high);

    await page.getByRole("button", { name: "Show more (36 left)" }).click();
    await until(async () => (await tiles(page).count()) === 100, "all tiles");
    await page.getByLabel("Norm", { exact: true }).check();
    const norms = Array.from({ length: 100 }, (_, i) => Math.hypot(...data.subarray(i * 784, (i + 1) * 784)));
    const order = norms.map((_, i) => i).sort((a, b) => norms[b] - norms[a]);
    await until(async () => (await numbers(tiles(page)))[0] === order[0], "the heaviest first");
    assert.deepEqual(await numbers(tiles(page)), order);
    assert.match(page.url(), /sort=norm/);

    await page.getByRole("img", { name: /^Weights of Hidden 2: 12 × 100, from -[\d.]+ to [\d.]+$/ }).waitFor();
    await page.getByRole("img", { name: /^Weights of Output: 10 × 12/ }).waitFor();
  }));

test("without a hidden layer there is a tile a class", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, { dataset: "mnist", hidden: [], epochs: 1, train_samples: 1000 });
    await until(async () => (await tiles(page).count()) === 10, "ten tiles");
    await page.getByText("One picture a class").waitFor();
    assert.equal(await page.locator(".matrix").count(), 0);
  }));

test("over the plane, units are arrows and rows of a table", () =>
  withPage({}, async (page, { daemon }) => {
    const model = await open(page, daemon, { dataset: "moons", hidden: [6], epochs: 10 });
    await page.getByRole("img", { name: /^Weights of 6 units as arrows; the longest is / }).waitFor();
    const { data } = model.get("layers.0.weight");
    const rows = page.locator("tr[data-unit]");
    assert.equal(await rows.count(), 6);
    const texts = await rows.nth(2).locator("td").allTextContents();
    assert.deepEqual(texts.slice(0, 2).map((text) => text.trim()), [data[4].toFixed(3), data[5].toFixed(3)]);
    await page.getByRole("img", { name: /^Weights of Output: 2 × 6/ }).waitFor();
  }));

test("a large model is fetched only when asked for; no weights are no error", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, { dataset: "moons", hidden: [2048, 2048], epochs: 1, train_samples: 10 });
    await page.getByText(/^This model has 4,2\d\d,\d\d\d weights: a file of 16\.\d MiB\.$/).waitFor();
    await page.getByRole("button", { name: "Load and show them" }).click();
    await page.getByText("Its first 1024 × 1024 are shown.").waitFor();
    await api(daemon, "POST", "/runs", { dataset: "moons", epochs: 100000, eval_every: 1000000000 });
    await page.goto(`${daemon.url}/#/runs/2?tab=weights`);
    await page.getByText("No weights yet. They appear with this run's first point.").waitFor();
  }));
