// The formula's page on the real engine: typing, variables, mistakes with their place.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { axeFindings, closeBrowser, until, withPage, looks } from "./browser.mjs";

after(closeBrowser);

const home = "#/anatomy/formula";

async function open(page, daemon, hash = home) {
  await page.goto("about:blank");
  await page.goto(`${daemon.url}/${hash}`);
  await page.locator(".formula-box textarea").waitFor();
}

const type = (page, text) => page.getByLabel("Formula", { exact: true }).fill(text);
const words = (page, label) =>
  page.locator(`.graph [data-value][aria-label^="${label},"]`).getAttribute("aria-label");

test("what is typed becomes a graph with a slider for each variable", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    await type(page, "p = q*r\ns = p.tanh() # the end");
    const sliders = page.getByRole("group", { name: "Variables" }).getByRole("slider");
    await until(async () => (await sliders.count()) === 2, "two variables");
    await page.getByRole("slider", { name: "q" }).first().fill("0.5");
    await until(async () => /data 0\.5/.test(await words(page, "p")), "the product");
    assert.match(await words(page, "s"), /data 0\.4621/);
    await page.waitForURL(/text=/);
    await page.reload();
    await page.locator(".graph svg").waitFor();
    await until(async () => /data 0\.4621/.test(await words(page, "s")), "the same again");
  }));

test("a value used twice gets both shares, added up", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    await page.getByRole("button", { name: "Used twice" }).click();
    await until(async () => /gradient 7/.test((await words(page, "a").catch(() => "")) ?? ""), "2a + 1");
    let sum = "";
    for (let i = 0; i < 12 && !/ \+ /.test(sum); i++) {
      await page.getByRole("button", { name: "Previous" }).click();
      sum = (await page.locator(".told").textContent()) ?? "";
    }
    assert.match(sum, / \+ .* = /, "the accumulation is spelt out");
  }));

test("a mistake is told below the box, with its place", () =>
  withPage({ allowed: [/400/] }, async (page, { daemon }) => {
    await open(page, daemon);
    await type(page, "a = 1\nb = sin(a)");
    await page.getByText(/there is no function sin/).waitFor();
    const caret = page.locator("[data-caret]");
    assert.equal(await caret.getAttribute("data-caret"), "5");
    await page.getByRole("button", { name: "Show line 2, column 5" }).click();
    const selected = await page.getByLabel("Formula", { exact: true }).evaluate((area) =>
      area.value.slice(area.selectionStart, area.selectionEnd),
    );
    assert.equal(selected, "s");
    await type(page, "a = 1\nb = exp(a)");
    await until(async () => (await caret.count()) === 0, "the mistake to go");
    await until(async () => /data 2\.718/.test((await words(page, "b")) ?? ""), "e");
  }));

test("text is text: what looks like markup is a mistake like any other", () =>
  withPage({ allowed: [/400/] }, async (page, { daemon }) => {
    await open(page, daemon);
    await type(page, "<img src=x onerror=alert(1)>");
    await page.locator("[data-caret]").waitFor();
    assert.equal(await page.locator(".formula-box img").count(), 0);
  }));

test("micrograd's own example gives micrograd's numbers", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    await page.getByRole("button", { name: "micrograd's README" }).click();
    await until(async () => /data 24\.7/.test((await words(page, "g").catch(() => "")) ?? ""), "g");
    assert.match(await words(page, "a"), /gradient 138\.8/);
    assert.match(await words(page, "b"), /gradient 645\.6/);
  }));

for (const { colorScheme, width } of looks)
  test(`axe finds nothing on the formula's page: ${colorScheme}, ${width} px`, () =>
    withPage(
      { context: { colorScheme }, viewport: { width, height: 800 }, allowed: [/400/] },
      async (page, { daemon }) => {
        await open(page, daemon);
        await page.locator(".graph svg").waitFor();
        assert.deepEqual(await axeFindings(page), []);
        await type(page, "a_rather_long_name = another_long_name * (");
        await page.locator("[data-caret]").waitFor();
        assert.deepEqual(await axeFindings(page), [], "with a mistake");
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(over, 0);
      },
    ));
