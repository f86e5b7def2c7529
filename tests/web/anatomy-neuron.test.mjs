// The neuron's page on the real engine: sliders, the walk, learning, the guided tour.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { api, axeFindings, closeBrowser, until, withPage } from "./browser.mjs";

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
    await page.getByRole("combobox", { name: /^Inputs/ }).selectOption("4");
    await until(async () => (await page.locator('[data-role="weight"]').count()) === 4, "four weights");
    await page.getByRole("combobox", { name: /^Activation/ }).selectOption("relu");
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

test("a gradient step lowers the loss; gradients stay until they are zeroed", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    const loss = async () => Number(await page.locator("[data-goal] strong").textContent());
    const before = await loss();
    await learn(page).click();
    await until(async () => (await loss()) < before, "a smaller loss");
    await button(page, "Zero grad").click();
    await button(page, "Repeat 10 times").click();
    await until(
      async () => /after 11 steps/.test(await page.locator("[data-goal]").textContent()),
      "ten more steps",
    );
    assert.ok((await loss()) < before / 2);
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

for (const colorScheme of ["light", "dark"])
  for (const width of [360, 1280])
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
