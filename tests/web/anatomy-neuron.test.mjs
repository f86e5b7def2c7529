// The neuron's page on the real engine: sliders, the walk, learning, the guided tour.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { api, axeFindings, closeBrowser, until, withPage, looks } from "./browser.mjs";

after(closeBrowser);

const home = "#/anatomy/neuron";
/** The neuron that the page starts with. */
const body = {
  kind: "neuron",
  inputs: [2, -1],
  weights: [0.5, 0.8],
  bias: 0.3,
  activation: "tanh",
  target: 1,
};

async function open(page, daemon, hash = home) {
  await page.goto("about:blank");
  await page.goto(`${daemon.url}/${hash}`);
  await page.locator(".graph svg").waitFor();
}

/** A value's words in the graph: "w1, data 0.5, gradient -1.692". */
const words = (page, label) =>
  page.locator(`.graph [data-value][aria-label^="${label},"]`).getAttribute("aria-label");
const told = (page) => page.locator(".told").textContent();
const button = (page, name) => page.getByRole("button", { name, exact: true });
/** Once the walk is about the newest numbers. */
const learn = (page) =>
  page.locator('.learning button:not([aria-disabled="true"])', { hasText: "Gradient step" });

test("the graph shows the engine's numbers, and sliders and boxes change them", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    const { nodes } = await api(daemon, "POST", "/anatomy", body);
    const w1 = nodes.find(({ label }) => label === "w1");
    const text = await words(page, "w1");
    assert.match(text, /data 0\.5/);
    const gradient = Number(text.match(/gradient (-?[\d.]+)/)[1]);
    assert.ok(Math.abs(gradient - w1.grad) < 1e-3, text);
    await page.getByRole("slider", { name: "w1" }).first().fill("1.5");
    await until(async () => /data 1\.5/.test(await words(page, "w1")), "the new weight");
    await page.waitForURL(/w=1\.5/);
    await page.getByRole("combobox", { name: "Inputs" }).selectOption("4");
    await until(async () => (await page.locator('[data-role="weight"]').count()) === 4, "four weights");
    await page.getByLabel("Activation").selectOption("relu");
    await page.locator(".graph").getByText("relu", { exact: true }).waitFor();
    await page.waitForURL(/act=relu/);
    await page.reload();
    await page.locator(".graph svg").waitFor();
    assert.equal(await page.locator('[data-role="weight"]').count(), 4, "as before");
    assert.match(await words(page, "w1"), /data 1\.5/);
  }));

test("the walk goes forward value by value, and backward by local times upstream", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    await button(page, "Start").click();
    assert.equal(await page.locator('.graph [data-known="false"]').count() > 0, true);
    await button(page, "Next").click();
    assert.match(await told(page), /=/);
    await button(page, "Forward done").click();
    assert.equal(await page.locator('.graph [data-known="false"]').count(), 0);
    assert.match(await words(page, "w1"), /gradient 0/);
    await button(page, "Next").click();
    assert.match(await told(page), /1/);
    await button(page, "Next").click();
    assert.match(await told(page), /×/, "a product is told");
    await button(page, "Previous").click();
    await button(page, "Backward done").click();
    assert.doesNotMatch(await words(page, "w1"), /gradient 0$/);
  }));

/** The loss as it stands below the buttons. */
const loss = async (page) => Number(await page.locator("[data-goal] strong").textContent());

test("a gradient step lowers the loss, and so do rounds; a reload brings it all back", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    const before = await loss(page);
    await learn(page).click();
    await until(async () => (await loss(page)) < before, "a smaller loss");
    assert.match(await page.locator("[data-goal]").textContent(), /0\.2893 →.*after 1 step/s);
    await button(page, "Zero grad").click();
    await button(page, "Repeat 10 times").click();
    await until(
      async () => /after 11 steps/.test(await page.locator("[data-goal]").textContent()),
      "ten more steps",
    );
    await until(async () => (await loss(page)) < before / 2, "half the loss");
    await page.waitForURL(/taken=11/);
    const after = await loss(page);
    await page.reload();
    await page.locator(".graph svg").waitFor();
    assert.equal(await loss(page), after);
    assert.match(await page.locator("[data-goal]").textContent(), /after 11 steps/);
  }));

test("gradients that are not zeroed add up with the next pass's", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    const gradient = async () => Number((await words(page, "b")).match(/gradient (.*)$/)[1]);
    const first = await gradient();
    await learn(page).click();
    await until(async () => /step=/.test(page.url()), "the walk to begin again");
    assert.equal(await gradient(), first, "the old gradient still stands");
    assert.match(await told(page), /old gradients still stand at the parameters/);
    await until(async () => (await page.locator('[data-stale="false"]').count()) > 0, "the answer");
    await button(page, "Backward done").click();
    const { nodes } = await api(daemon, "POST", "/anatomy", {
      ...body,
      weights: [0.6692169, 0.7153915],
      bias: 0.3846085,
    });
    const fresh = nodes.find(({ label }) => label === "b").grad;
    assert.ok(Math.abs((await gradient()) - (first + fresh)) < 1e-3, "the sum of both");
    assert.match(await told(page), /added to old ones/);
    await button(page, "Zero grad").click();
    assert.equal(await gradient(), 0);
    await button(page, "Backward done").click();
    assert.ok(Math.abs((await gradient()) - fresh) < 1e-3, "the new one alone");
  }));

test("a value tells what its gradient means only once the walk has given it one", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    await page.locator('.graph [data-value][aria-label^="w1,"]').click();
    const picked = page.locator("p[data-picked]");
    assert.match(await picked.textContent(), /grew by 0\.01, the loss falls by about 0\.0169/);
    await button(page, "Forward done").click();
    assert.match(await picked.textContent(), /has yet to give it its gradient/);
  }));

test("one input has a curve, two a plane, whose ring moves with a click", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    const plane = page.getByRole("img", { name: /output over x1 and x2.* at \(2, -1\) it is 0\.4621/ });
    await plane.waitFor();
    const { width, height } = await plane.boundingBox();
    await plane.click({ position: { x: width / 4, y: height / 4 } });
    await page.getByRole("img", { name: /at \(-2\.5, 2\.5\) it is/ }).waitFor();
    await page.waitForURL(/x=-2\.5,2\.5/);
    await page.getByRole("combobox", { name: "Inputs" }).selectOption("1");
    await page
      .getByRole("img", { name: /output over x1 from -5 to 5; at x1 -2\.5 it is -0\.7398/ })
      .waitFor();
  }));

test("without a target the output itself is differentiated", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    await page.getByLabel(/^With a target/).uncheck();
    await until(async () => /^Out is|^out is/.test(await page.locator("[data-goal]").textContent()), "no loss");
    assert.equal(await page.locator('[data-role="loss"]').count(), 0);
    await page.waitForURL(/target=none/);
  }));

test("the arrow keys go from value to value; Enter reads one", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    await page.locator('.graph [data-value][tabindex="0"]').focus();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    const first = await focused();
    await page.keyboard.press("ArrowRight");
    const second = await focused();
    assert.notEqual(first, second);
    await page.keyboard.press("Enter");
    const picked = await page.locator("[data-picked] strong").textContent();
    assert.ok(picked.startsWith(second.split(",")[0]));
  }));

/** Presses Tab until the focus is on a button with this name, then Enter. */
async function pressByKeyboard(page, name) {
  for (let i = 0; i < 120; i++) {
    const here = await page.evaluate(() => document.activeElement?.textContent?.trim());
    if (here === name) return page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never reached ${name}`);
}

test("the tour leads from what a neuron is to a smaller loss, by keyboard alone", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    const title = () => page.locator("#tour-title").textContent();
    const isDone = () => page.locator('.tour-task[data-done="true"]').waitFor();
    const on = async (step) => {
      await page.locator(`[data-tour="${step}"]`).waitFor();
      await page.waitForURL(new RegExp(`tour=${step}`));
      assert.equal(
        await page.evaluate(() => document.activeElement?.id),
        "tour-title",
        "the focus is on the step's heading",
      );
    };
    await pressByKeyboard(page, "New to this? Take the tour");
    await on(1);
    assert.match(await title(), /What a neuron is/);
    await page.getByRole("slider", { name: "x1" }).first().focus();
    await page.keyboard.press("ArrowRight");
    await isDone();
    await page.locator("#tour-title").focus();
    await pressByKeyboard(page, "Next step of the tour");
    await on(2);
    await page.getByRole("slider", { name: "Step of the walk" }).focus();
    await page.keyboard.press("PageUp");
    for (let i = 0; i < 20 && !(await page.locator('.tour-task[data-done="true"]').count()); i++)
      await page.keyboard.press("ArrowRight");
    await isDone();
    await page.locator("#tour-title").focus();
    await pressByKeyboard(page, "Next step of the tour");
    await on(3);
    await pressByKeyboard(page, "Raise w1 by 0.01");
    await isDone();
    assert.match(await page.locator("[data-nudged]").textContent(), /-1\.6\d/, "about w1's gradient");
    await page.locator("#tour-title").focus();
    await pressByKeyboard(page, "Next step of the tour");
    await on(4);
    assert.match(await page.locator("[data-chain]").textContent(), /= -1\.692/);
    await page.getByRole("slider", { name: "Step of the walk" }).focus();
    await page.keyboard.press("End");
    await isDone();
    await page.locator("#tour-title").focus();
    await pressByKeyboard(page, "Next step of the tour");
    await on(5);
    await learn(page).press("Enter");
    await isDone();
    await page.locator("#tour-title").focus();
    await pressByKeyboard(page, "Finish the tour");
    await until(async () => (await page.locator(".tour").count()) === 0, "the tour to end");
  }));

test("the tour can be left at any time, and comes back from the address", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, `${home}?tour=3`);
    await page.locator('[data-tour="3"]').waitFor();
    await page.keyboard.press("Escape");
    await until(async () => (await page.locator(".tour").count()) === 0, "the tour to end");
    assert.equal(
      await page.evaluate(() => document.activeElement?.textContent?.trim()),
      "New to this? Take the tour",
      "the focus is where the tour begins",
    );
    await open(page, daemon, `${home}?tour=2`);
    await button(page, "Skip the tour").click();
    await until(async () => (await page.locator(".tour").count()) === 0, "the tour to end");
  }));

test("who asks for less motion gets the end at once", () =>
  withPage({ context: { reducedMotion: "reduce" } }, async (page, { daemon }) => {
    await open(page, daemon);
    await button(page, "Start").click();
    await button(page, "To the end").click();
    await until(
      async () => !/gradient 0$/.test(await words(page, "w1")),
      "the walk's end",
    );
  }));

for (const { colorScheme, width } of looks)
  test(`axe finds nothing on the neuron's page: ${colorScheme}, ${width} px`, () =>
    withPage(
      { context: { colorScheme }, viewport: { width, height: 800 } },
      async (page, { daemon }) => {
        for (const hash of [home, `${home}?tour=4`, `${home}?x=1&w=2&step=3`]) {
          await open(page, daemon, hash);
          assert.deepEqual(await axeFindings(page), [], hash);
          const over = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          assert.equal(over, 0, `${hash} is wider than the window`);
        }
      },
    ));
