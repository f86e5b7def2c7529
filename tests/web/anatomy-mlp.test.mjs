// The network that trains on the page, trained by the engine.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { forward } from "../../web/src/logic/anatomy/forward.js";
import {
  api,
  axeFindings,
  closeBrowser,
  stopClock,
  until,
  untilState,
  withPage,
  looks,
} from "./browser.mjs";

after(closeBrowser);

const home = "#/anatomy/mlp";

const text = (page, name) => page.locator(`[data-number="${name}"]`).textContent();
const number = async (page, name) =>
  Number((await text(page, name)).replace(/[%,\s]/g, ""));
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** Waits until a number of the page passes `test`. */
const shows = (page, name, pass, what) =>
  until(async () => pass(await number(page, name)), what ?? `${name} to change`);

async function open(page, daemon, hash = home) {
  await page.goto(`${daemon.url}/${hash}`);
  await page.locator("canvas.surface").waitFor();
  await shows(page, "loss", (loss) => loss > 0, "the first loss");
}

/** How many different colours stand on a canvas. */
const colours = (locator) =>
  locator.evaluate((canvas) => {
    const { data } = canvas
      .getContext("2d")
      .getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });

test("Step and Epoch go as far as they say, Play lowers the loss past 90 %", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    const before = await number(page, "loss");
    assert.equal(await text(page, "step"), "0");
    await press(page, "Step");
    await shows(page, "step", (step) => step === 1);
    await press(page, "Epoch");
    await shows(page, "step", (step) => step === 63);
    assert.equal(await text(page, "epoch"), "1");
    await press(page, "Play");
    await shows(page, "accuracy", (accuracy) => accuracy > 90, "90 % accuracy");
    await press(page, "Pause");
    await page.waitForURL(/step=/);
    assert.ok((await number(page, "loss")) < before / 2);
    assert.ok((await number(page, "test")) > 85);
    assert.ok((await colours(page.locator("canvas.surface"))) > 100);
    await page
      .getByRole("img", { name: /^Loss by step: [\d,]+ steps, 0\.\d+/ })
      .waitFor();
    const said = () => page.locator("canvas.surface").getAttribute("aria-label");
    await until(
      async () => (await said()).includes(`puts ${await text(page, "accuracy")} of the`),
      "the surface to be told in words",
    );

    await press(page, "Reset");
    await shows(page, "loss", (loss) => loss === before, "the seed's beginning again");
    assert.equal(await text(page, "step"), "0");
  }));

test("a reload trains to the same step again, to the last digit", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, `${home}?dataset=xor&hidden=4&lr=0.5&batch_size=32&seed=7`);
    for (const [name, step] of [
      ["Epoch", 32],
      ["Epoch", 64],
      ["Step", 65],
    ]) {
      await press(page, name);
      await shows(page, "step", (now) => now === step);
    }
    await page.waitForURL(/step=65$/);
    const names = ["step", "epoch", "loss", "accuracy", "test"];
    const numbers = () => Promise.all(names.map((name) => text(page, name)));
    const before = await numbers();
    await page.reload();
    await shows(page, "step", (step) => step === 65);
    assert.deepEqual(await numbers(), before);
  }));

test("the batch-size slider changes the steps of an epoch, and keeps the parameters", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    await press(page, "Epoch");
    await shows(page, "step", (step) => step === 63);
    const loss = await text(page, "loss");
    await page.getByLabel("Batch size").fill("10");
    await page.getByText("1000 of 1,000 points a step: 1 step an epoch.").waitFor();
    await page.waitForURL(/batch_size=1000/);
    await shows(page, "epoch", (epoch) => epoch === 63);
    assert.equal(await text(page, "loss"), loss, "the parameters are kept");
    await page.locator("[data-mixed]").waitFor();
    await press(page, "Epoch");
    await shows(page, "step", (step) => step === 64);
  }));

test("layers and neurons come and go, and the network begins anew", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    const tiles = async () => page.locator("button.unit").count();
    assert.equal(await tiles(), 6 + 4 + 2);
    assert.equal(await page.locator(".tile-edges path").count(), 12 + 24 + 8);
    await press(page, "Step");
    await shows(page, "step", (step) => step === 1);
    await press(page, "Add layer");
    await until(async () => (await tiles()) === 6 + 4 + 4 + 2, "a layer more");
    await shows(page, "step", (step) => step === 0);
    await press(page, "Add a neuron to hidden layer 3");
    await until(async () => (await tiles()) === 6 + 4 + 5 + 2, "a neuron more");
    await press(page, "Remove a neuron from hidden layer 1");
    await until(async () => (await tiles()) === 5 + 4 + 5 + 2, "a neuron fewer");
    await page.waitForURL(/hidden=5-4-5$/);
    for (const left of [2, 1, 0]) {
      await press(page, "Remove layer");
      await page.getByText(`${left} hidden layer`).waitFor();
    }
    assert.ok(await page.getByRole("button", { name: "Remove layer" }).isDisabled());
    await until(async () => (await tiles()) === 2, "a linear network");
    await press(page, "Step");
    await shows(page, "step", (step) => step === 1);
    await page.getByLabel("spirals", { exact: true }).check();
    await until(async () => (await tiles()) === 3, "an output for each arm");
    await page.getByText("arm 3").waitFor();
  }));

test("a step just before the address follows a change of structure is kept", () =>
  withPage({}, async (page, { daemon }) => {
    const structures = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/anatomy/train"))
        structures.push(request.postDataJSON().hidden.join());
    });
    await page.clock.install();
    await open(page, daemon);
    await stopClock(page);
    // Frames come every 16 ms: now, so the next one after 240 ms comes at 256, the address at 250.
    await page.clock.runFor(16 - ((await page.evaluate(() => performance.now())) % 16));
    await press(page, "Remove layer");
    await page.getByText("1 hidden layer").waitFor();
    await until(() => structures.at(-1) === "6", "the smaller network");
    await page.clock.runFor(240);
    await press(page, "Step");
    await shows(page, "step", (step) => step === 1);
    await page.clock.runFor(12);
    await page.waitForURL(/hidden=6\b/);
    await page.clock.runFor(1000);
    await shows(page, "step", (step) => step === 1);
    assert.deepEqual([...new Set(structures)], ["6,4", "6"]);
    assert.deepEqual(structures.slice(-1), ["6"]);
    await page.clock.resume();
    await press(page, "Step");
    await shows(page, "step", (step) => step === 2);
    assert.equal(structures.lastIndexOf("6,4"), structures.indexOf("6") - 1, structures.join(" | "));
  }));

test("a tile tells what its neuron computes, and shows it large", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    await page.getByRole("button", { name: "Hidden 1, neuron 2", exact: true }).click();
    const detail = page.getByRole("region", { name: "One neuron" });
    await detail.getByText(/^tanh\(-?[\d.]+ x1 [+-] [\d.]+ x2 [+-] [\d.]+\)$/).waitFor();
    await page.getByRole("img", { name: "Hidden 1, neuron 2 over the plane" }).waitFor();
    await page.waitForURL(/unit=1\.2$/);
    await page.getByRole("button", { name: "Output 1", exact: true }).click();
    await page.mouse.move(0, 0);
    await page.reload();
    await detail.getByRole("heading", { name: "Output 1" }).waitFor();
    assert.equal(await detail.locator(".weights li").count(), 4 + 1);
    await detail.getByRole("button", { name: "Close" }).click();
    await page.getByRole("img", { name: /^Decision surface/ }).waitFor();
  }));

test("the settings open as a real run, which opens here with the accuracy it says", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, `${home}?dataset=circles&hidden=8-3&activation=relu&lr=0.2`);
    await page.getByRole("link", { name: "Train this as a real run" }).click();
    await page.waitForURL(/#\/new\?config=/);
    await page.getByRole("button", { name: "Launch" }).click();
    await page.waitForURL(/#\/runs\/1$/);
    const run = await untilState(daemon, 1, "finished");
    const { dataset, hidden, activation, lr, batch_size, seed, epochs } = run.config;
    assert.deepEqual(
      { dataset, hidden, activation, lr, batch_size, seed, epochs },
      {
        dataset: "circles",
        hidden: [8, 3],
        activation: "relu",
        lr: 0.2,
        batch_size: 16,
        seed: 1,
        epochs: 10,
      },
    );
    await page.locator('.run-head .state[data-state="finished"]').waitFor();
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("link", { name: "Open in anatomy" }).click();
    await page.waitForURL(/#\/anatomy\/mlp\?run=1/);
    await page
      .locator('[data-opened="1"]')
      .getByText(/\d % test accuracy\. Play/)
      .waitFor();
    const { best_test_accuracy: best, best_step: step } = run.summary;
    await shows(page, "step", (now) => now === step, "the best step");
    assert.equal(await text(page, "test"), `${(100 * best).toFixed(1)} %`);
    await shows(page, "accuracy", (accuracy) => accuracy > 0);
    await press(page, "Step");
    await shows(page, "step", (now) => now === step + 1);
    await press(page, "Reset");
    await shows(page, "step", (now) => now === step);
    await press(page, "Add layer");
    await page.waitForURL(/#\/anatomy\/mlp\?.*hidden=8-3-3/);
    assert.doesNotMatch(page.url(), /run=/, "another network leaves the run");
    await shows(page, "step", (now) => now === 0);
  }));

test("a run whose network cannot be drawn says why, and has no link", () =>
  withPage({}, async (page, { daemon }) => {
    await api(daemon, "POST", "/runs", { dataset: "moons", hidden: [64, 64], epochs: 1 });
    await untilState(daemon, 1, "finished");
    await page.goto(`${daemon.url}/${home}?run=1`);
    await page.getByText("Could not load run 1: Only networks of at most 2000").waitFor();
    await page.goto(`${daemon.url}/#/runs/1`);
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("link", { name: "Edit as a new run" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "Open in anatomy" }).count(), 0);
  }));

test("a rate that is far too high is told of, and Reset helps", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, `${home}?activation=linear&lr=10&hidden=16-16-16-16`);
    await page.getByLabel("100", { exact: true }).check();
    await press(page, "Play");
    await page.getByRole("alert").filter({ hasText: "The numbers ran away" }).waitFor();
    assert.ok(await page.getByRole("button", { name: "Play" }).isDisabled());
    await press(page, "Reset");
    await shows(page, "step", (step) => step === 0);
    assert.equal(await page.getByRole("alert").count(), 0);
  }));

test("playing asks one question at a time, and stops in a hidden tab", () =>
  withPage({}, async (page, { daemon }) => {
    let under = 0;
    let most = 0;
    await page.route("**/anatomy/train", async (route) => {
      most = Math.max(most, ++under);
      const response = await route.fetch();
      under--;
      await route.fulfill({ response });
    });
    await open(page, daemon);
    await press(page, "Play");
    await page.getByLabel("Learning rate, slider").fill("0");
    await page.getByLabel("Activation").selectOption("relu");
    await shows(page, "step", (step) => step >= 50);
    assert.equal(most, 1);
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  }));

test("the page draws what the engine says, for every activation", () =>
  withPage({}, async (_, { daemon }) => {
    for (const activation of ["relu", "tanh", "sigmoid", "gelu", "linear"]) {
      const size = 8;
      const { layers, surface } = await api(daemon, "POST", "/anatomy/train", {
        dataset: "moons",
        hidden: [5, 3],
        activation,
        loss: "cross_entropy",
        lr: 0.1,
        batch_size: 16,
        seed: 3,
        step: 0,
        layers: null,
        steps: 50,
        grid: size,
        units: true,
      });
      const place = ([low, high], i) => low + ((high - low) * i) / (size - 1);
      const inputs = [0, 1].map((axis) =>
        Array.from({ length: size * size }, (_, i) =>
          axis === 0
            ? place(surface.x, i % size)
            : place(surface.y, Math.floor(i / size)),
        ),
      );
      const all = forward(layers, activation, inputs);
      surface.units.forEach((units, layer) =>
        units.forEach((values, unit) =>
          values.forEach((value, i) =>
            assert.ok(
              Math.abs(value - all[layer][unit][i]) < 1e-3,
              `${activation}, layer ${layer}, unit ${unit}, place ${i}`,
            ),
          ),
        ),
      );
      surface.output.forEach((value, i) => {
        const share = 1 / (1 + Math.exp(all[2][0][i] - all[2][1][i]));
        assert.ok(Math.abs(value - share) < 1e-3, `${activation}, output at ${i}`);
      });
    }
  }));

test("a sample goes through the network value by value, neurons open by keyboard", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, `${home}?step=40&graph=1&sample=3`);
    const card = page.locator(".sample-graph");
    await card.locator(".graph svg").waitFor();
    const groups = card.locator("[data-group]");
    assert.equal(await groups.count(), 6 + 4 + 2, "a box a neuron");
    const first = card.locator('[data-group="layer 1 neuron 1"]');
    assert.match(await first.getAttribute("aria-label"), /gradient .*Open it$/);
    await first.focus();
    await page.keyboard.press("Enter");
    await card.getByRole("button", { name: "× layer 1 neuron 1: close it" }).waitFor();
    assert.equal(await groups.count(), 11);
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
    assert.equal(await focused(), "× layer 1 neuron 1: close it");
    await page.keyboard.press("Enter");
    await first.waitFor();
    assert.match(await focused(), /^layer 1 neuron 1: .*Open it$/, "and back");
    await card.getByRole("button", { name: "Start" }).click();
    assert.match(await card.locator(".player").getAttribute("data-step"), /^0$/);
    await card.getByRole("button", { name: "Add sample" }).click();
    await page.waitForURL(/sample=4/);
    await card.getByRole("button", { name: "Backward done" }).click();
    await card.getByText(/^The graph as a table/).click();
    const rows = card.locator("table tbody tr");
    await until(async () => (await rows.count()) > 150, "every value in the table");
  }));

for (const { colorScheme, width } of looks)
  test(`axe finds nothing on the network's page: ${colorScheme}, ${width} px`, () =>
    withPage(
      { context: { colorScheme }, viewport: { width, height: 800 } },
      async (page, { daemon }) => {
        for (const hash of [
          `${home}?unit=1.2&step=20&graph=1`,
          `${home}?dataset=spirals&hidden=16-16-16-16`,
        ]) {
          await page.goto("about:blank");
          await open(page, daemon, hash);
          assert.deepEqual(await axeFindings(page), [], hash);
          const over = await page.evaluate(
            () =>
              document.documentElement.scrollWidth -
              document.documentElement.clientWidth,
          );
          assert.equal(over, 0, `${hash} is wider than the window`);
        }
      },
    ));
