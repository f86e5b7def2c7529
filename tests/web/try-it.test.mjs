// The Try it tab: digits drawn, samples taken, points moved, and the bar it is held to:
// a drawing of a digit gets the label that the digit itself gets.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { preprocess } from "../../web/src/logic/preprocess.js";
import { api, closeBrowser, until, untilState, withPage } from "./browser.mjs";
import { onPad, PAD, randomFrom } from "./replay.mjs";

after(closeBrowser);

const digits = { dataset: "mnist", hidden: [64], epochs: 2, lr: 0.2 };
const tab = (id, query = "") => `#/runs/${id}?tab=try${query}`;

async function trained(daemon, config) {
  const { id } = await api(daemon, "POST", "/runs", config);
  await untilState(daemon, id, "finished");
  return id;
}

const samplesOf = async (daemon, limit, offset = 0) =>
  (await api(daemon, "GET", `/datasets/mnist/samples?split=test&limit=${limit}&offset=${offset}`)).samples;

const ROWS = 8;
/** Labels of many pictures, a few a question: a body may have 64 KiB. */
async function labelsOf(daemon, id, pictures) {
  const labels = [];
  for (let i = 0; i < pictures.length; i += ROWS) {
    const inputs = pictures.slice(i, i + ROWS).map((picture) => Array.from(picture, (value) => Number(value.toFixed(4))));
    labels.push(...(await api(daemon, "POST", `/runs/${id}/predict`, { inputs })).labels);
  }
  return labels;
}

const SAMPLES = 200;
const BAR = 0.95;

test("at least 95 % of 200 test digits, replayed on the pad, keep their label", { timeout: 120000 }, () =>
  withPage({}, async (_, { daemon }) => {
    const { presets } = await api(daemon, "GET", "/presets");
    const fast = presets.find(({ config }) => config.name === "90 % fast").config;
    const samples = await samplesOf(daemon, SAMPLES, 1000);
    for (const config of [fast, digits]) {
      const id = await trained(daemon, config);
      const own = await labelsOf(daemon, id, samples.map(({ values }) => values.map((value) => value / 255)));
      for (const pen of [false, true]) {
        const random = randomFrom(20);
        const drawn = samples.map(({ values }) => preprocess(onPad(values, random, { pen }), PAD, PAD));
        const labels = await labelsOf(daemon, id, drawn);
        const same = labels.filter((label, i) => label === own[i]).length;
        assert.ok(same >= BAR * SAMPLES, `${same} of ${SAMPLES} with ${JSON.stringify(config.hidden)}, pen: ${pen}`);
      }
    }
  }));

/** Strokes as a hand would draw them, in shares of the pad. */
const drawings = {
  0: [Array.from({ length: 25 }, (_, i) => [0.5 + 0.2 * Math.sin(i / 3.8), 0.5 - 0.3 * Math.cos(i / 3.8)])],
  1: [[[0.5, 0.2], [0.5, 0.8]]],
  2: [[[0.33, 0.35], [0.4, 0.22], [0.6, 0.22], [0.64, 0.38], [0.33, 0.78], [0.68, 0.78]]],
  3: [[[0.32, 0.25], [0.6, 0.22], [0.62, 0.38], [0.45, 0.48], [0.65, 0.6], [0.6, 0.78], [0.32, 0.78]]],
  4: [[[0.35, 0.2], [0.3, 0.5], [0.7, 0.5]], [[0.6, 0.2], [0.6, 0.85]]],
  7: [[[0.3, 0.25], [0.7, 0.25], [0.45, 0.8]]],
};

/** Draws with the mouse, a tenth of the pad at a time; `place` moves and scales the shares. */
async function draw(page, strokes, place = (share) => share) {
  const box = await page.locator(".pad canvas").boundingBox();
  const at = (share) => {
    const [x, y] = place(share);
    return [box.x + x * box.width, box.y + y * box.height];
  };
  for (const stroke of strokes) {
    await page.mouse.move(...at(stroke[0]));
    await page.mouse.down();
    for (const [i, [x, y]] of stroke.slice(1).entries()) {
      const [fromX, fromY] = stroke[i];
      const steps = Math.ceil(10 * Math.hypot(x - fromX, y - fromY));
      await page.mouse.move(...at([x, y]), { steps });
    }
    await page.mouse.up();
  }
}

/** What the bars say once they rest: a stroke asks more than once while it is drawn. */
async function bars(page) {
  const read = () => page.locator(".answer-bars").textContent();
  let last = await read();
  await until(async () => {
    const before = last;
    await page.waitForTimeout(300);
    return (last = await read()) === before;
  }, "the bars to rest");
  return last;
}

const says = (page, pattern) => page.locator(".looks-like", { hasText: pattern }).waitFor();

test("a digit drawn with the pointer is told, large or small; undo and clear", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await trained(daemon, digits);
    await page.goto(`${daemon.url}/${tab(id)}`);
    await page.getByText("Draw a digit here").waitFor();
    await page.getByText("Draw a digit, or take a test sample").waitFor();
    for (const [digit, strokes] of Object.entries(drawings)) {
      await draw(page, strokes);
      await says(page, new RegExp(`^Looks like ${digit}, (over )?\\d+ %$`));
      await page.getByRole("button", { name: "Clear" }).click();
      await page.getByText("Draw a digit here").waitFor();
    }
    await draw(page, drawings[3], ([x, y]) => [0.02 + 0.3 * x, 0.65 + 0.3 * y]);
    await says(page, /^Looks like 3/);
    assert.equal(await page.locator(".answer-bars .said").getAttribute("data-class"), "3");
    assert.equal(await page.locator(".answer-bars tbody tr").count(), 10);

    await page.getByRole("button", { name: "Clear" }).click();
    await draw(page, drawings[1]);
    await says(page, /^Looks like 1/);
    const before = await bars(page);
    await draw(page, [[[0.1, 0.1], [0.9, 0.15]]]);
    await until(async () => (await page.locator(".answer-bars").textContent()) !== before, "the bars to change");
    await page.getByRole("button", { name: "Undo" }).click();
    await until(async () => (await page.locator(".answer-bars").textContent()) === before, "the bars of before");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Draw a digit here").waitFor();
  }));

test("bars change while the stroke is drawn, and the page does not scroll under a finger", () =>
  withPage({ context: { hasTouch: true } }, async (page, { daemon }) => {
    const id = await trained(daemon, digits);
    await page.goto(`${daemon.url}/${tab(id)}`);
    const canvas = page.locator(".pad canvas");
    const box = await canvas.boundingBox();
    assert.equal(await canvas.evaluate((node) => getComputedStyle(node).touchAction), "none");
    await page.mouse.move(box.x + 150, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 152, box.y + 250, { steps: 10 });
    await says(page, /^Looks like 1/);
    assert.equal(await page.locator(".answer-words").getAttribute("aria-live"), "off");
    await page.mouse.up();
    await until(async () => (await page.locator(".answer-words").getAttribute("aria-live")) === "polite", "the answer to be spoken");
    await page.getByRole("button", { name: "Clear" }).click();
    await page.touchscreen.tap(box.x + 100, box.y + 100);
    await says(page, /^Looks like/);
  }));

test("a digit drawn with the arrow keys", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await trained(daemon, digits);
    await page.goto(`${daemon.url}/${tab(id)}`);
    await page.getByRole("application").focus();
    const press = async (key, times) => {
      for (let i = 0; i < times; i++) await page.keyboard.press(key);
    };
    await press("ArrowUp", 9);
    await press("Space", 1);
    await press("ArrowDown", 18);
    await press("Space", 1);
    await says(page, /^Looks like 1/);
    await press("Control+z", 1);
    await page.getByText("Draw a digit here").waitFor();
    await press("Space", 1);
    await press("Delete", 1);
    await page.getByText("Draw a digit here").waitFor();
  }));

test("test samples one after the other, with what they are; drawing leaves them", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await trained(daemon, digits);
    const samples = await samplesOf(daemon, 3);
    await page.goto(`${daemon.url}/${tab(id)}`);
    await page.getByRole("button", { name: "Next test sample" }).click();
    await page.getByText(`Sample 0 of 10,000 is a ${samples[0].label}.`).waitFor();
    assert.match(page.url(), /sample=0$/);
    await page.getByRole("button", { name: "Next test sample" }).click();
    await page.getByText(`Sample 1 of 10,000 is a ${samples[1].label}.`).waitFor();
    const own = await labelsOf(daemon, id, [samples[1].values.map((value) => value / 255)]);
    await says(page, new RegExp(`^Looks like ${own[0]}`));
    await page.getByText(own[0] === samples[1].label ? "Right: it is 2" : "Wrong: it is 2").waitFor();
    await page.getByLabel("Test sample", { exact: true }).last().fill("9999");
    await page.keyboard.press("Enter");
    await page.getByText("Sample 9,999 of 10,000").waitFor();
    await page.getByRole("button", { name: "Next test sample" }).click();
    await page.getByText("Sample 0 of 10,000").waitFor();
    await draw(page, drawings[1]);
    await says(page, /^Looks like 1/);
    await page.getByText("One of 10,000 that the model has not been trained on.").waitFor();
    assert.doesNotMatch(page.url(), /sample=/);
    await page.goto(`${daemon.url}/${tab(id, "&sample=2")}`);
    await page.getByText("Sample 2 of 10,000").waitFor();
  }));

test("a point of the plane by pointer, keys and sample; the ground is drawn", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await trained(daemon, { dataset: "moons", hidden: [16], epochs: 40 });
    const requests = [];
    page.on("request", (request) => request.url().endsWith("/predict") && requests.push(JSON.parse(request.postData()).inputs.length));
    await page.goto(`${daemon.url}/${tab(id)}`);
    await says(page, /^Looks like (upper|lower) moon, \d+ %$/);
    const painted = () =>
      page.locator(".plane-pad canvas").evaluate((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return new Set(data.filter((_, i) => i % 4 === 0)).size;
      });
    await until(async () => (await painted()) > 1, "the ground to be drawn");
    assert.ok(requests.every((rows) => rows <= 256) && requests.length >= 10);

    const box = await page.locator(".plane-pad").boundingBox();
    await page.mouse.click(box.x + 0.3 * box.width, box.y + 0.15 * box.height);
    await says(page, /^Looks like upper moon, over 99 %$/);
    await until(() => /at=-?\d/.test(page.url()), "the point in the address");
    await page.mouse.click(box.x + 0.6 * box.width, box.y + 0.9 * box.height);
    await says(page, /^Looks like lower moon/);
    const place = () => page.locator("[data-place]").textContent();
    const before = await place();
    await page.getByRole("application").focus();
    await page.keyboard.press("Shift+ArrowUp");
    await until(async () => (await place()) !== before, "the point to move");
    await page.getByRole("button", { name: "Next test sample" }).click();
    await page.getByText(/^(Right|Wrong): it is (upper|lower) moon$/).waitFor();
  }));

test("plain outputs are called so, and no weights are no error", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await trained(daemon, { dataset: "moons", hidden: [8], epochs: 3, loss: "hinge" });
    await page.goto(`${daemon.url}/${tab(id)}`);
    await says(page, /^Looks like (upper|lower) moon, output -?[\d.]+$/);
    await page.getByText(/^Trained with hinge, the model gives outputs, not\s+probabilities: above 0/).waitFor();
    const { id: live } = await api(daemon, "POST", "/runs", { dataset: "moons", epochs: 100000, eval_every: 1000000000 });
    await page.goto(`${daemon.url}/${tab(live)}`);
    await page.getByText("No weights yet. It can be tried with this run's first point.").waitFor();
    await api(daemon, "POST", `/runs/${live}/stop`, {});
    await says(page, /^Looks like/);
  }));
