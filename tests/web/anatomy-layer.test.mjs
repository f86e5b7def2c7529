// The layer that is taken apart, with the engine's own numbers.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { axeFindings, closeBrowser, until, withPage, looks } from "./browser.mjs";

after(closeBrowser);

const small = "#/anatomy/layer?x=2,0.3&w=0.5,-1_1,1&b=0.1,-3";

const cell = (page, neuron, what) =>
  page.locator(`tr[data-neuron="${neuron}"] [data-${what}]`);

const shows = (locator, text) =>
  until(async () => (await locator.textContent()) === text, `${text} to be shown`);

/** Waits until the numbers on the page are those of what stands in its boxes. */
const fresh = (page) => page.locator('.layer-matrix[data-fresh="true"]').waitFor();

async function open(page, daemon, hash = small) {
  await page.goto(`${daemon.url}/${hash}`);
  await fresh(page);
}

test("an edited number changes its row's sum, as the engine computes it", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    await shows(cell(page, 1, "sum"), "0.8");
    await shows(cell(page, 2, "sum"), "-0.7");
    await shows(cell(page, 2, "output"), "0");
    await page.getByLabel("Neuron 1, weight of input 2", { exact: true }).fill("1");
    await shows(cell(page, 1, "sum"), "1.4");
    await shows(cell(page, 2, "sum"), "-0.7");
    await page.getByLabel("Neuron 2, bias", { exact: true }).fill("0.5");
    await shows(cell(page, 2, "sum"), "2.8");
    await shows(cell(page, 2, "output"), "2.8");
    await page.getByLabel("Input 1", { exact: true }).fill("-2");
    await shows(cell(page, 1, "sum"), "-0.6");
    await page.getByLabel("Input 1, slider").focus();
    await page.keyboard.press("ArrowRight");
    await shows(cell(page, 1, "sum"), "-0.55");
    await page.getByLabel("Activation").selectOption("sigmoid");
    await shows(cell(page, 1, "output"), "0.3659");
    await page.waitForURL(/x=-1\.9,0\.3&w=0\.5,1_1,1&b=0\.1,0\.5&f=sigmoid$/);
    await page.reload();
    await shows(cell(page, 1, "output"), "0.3659");
  }));

test("what is being typed stays, and what is no number changes nothing", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    const weight = page.getByLabel("Neuron 1, weight of input 1", { exact: true });
    await weight.fill("");
    await weight.pressSequentially("-1.50");
    await shows(cell(page, 1, "sum"), "-3.2");
    assert.equal(await weight.inputValue(), "-1.50");
    await weight.fill("");
    await fresh(page);
    await shows(cell(page, 1, "sum"), "-3.2");
  }));

test("a neuron lights its row and spells its sum out, and a row its neuron", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    const neuron = (n) => page.locator(`g.neuron[data-neuron="${n}"]`);
    const row = (n) => page.locator(`tr[data-neuron="${n}"]`);
    const lit = async (locator) => /\blit\b/.test(await locator.getAttribute("class"));
    await neuron(2).hover();
    await page.locator('tr.lit[data-neuron="2"]').waitFor();
    assert.equal(await lit(row(1)), false);
    assert.match(
      await page.locator(".spelled").textContent(),
      /Neuron 2\s*1 × 2 \+ 1 × 0\.3 \+ \(-3\) = -0\.7, then relu\(-0\.7\) = 0/,
    );
    assert.equal(await page.locator(".weight-label").count(), 2);
    await row(1).getByRole("rowheader").hover();
    await page.locator('g.neuron.lit[data-neuron="1"]').waitFor();
    assert.match(
      await page.locator(".spelled").textContent(),
      /0\.5 × 2 \+ \(-1\) × 0\.3 \+ 0\.1 = 0\.8/,
    );
    await page.mouse.move(0, 0);
    await neuron(2).locator("circle").focus();
    await page.locator('tr.lit[data-neuron="2"]').waitFor();
    await page.getByLabel("Neuron 1, bias", { exact: true }).focus();
    await page.locator('g.neuron.lit[data-neuron="1"]').waitFor();
    await neuron(2).locator("circle").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/neuron=2$/);
    await page.reload();
    await page.locator('tr.lit[data-neuron="2"]').waitFor();
  }));

test("inputs and neurons come and go within their limits", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon);
    const press = (name) => page.getByRole("button", { name, exact: true }).click();
    for (let i = 0; i < 3; i++) await press("Add a neuron");
    for (let i = 0; i < 2; i++) await press("Add an input");
    await fresh(page);
    assert.equal(await page.locator("tr[data-neuron]").count(), 5);
    assert.equal(await page.locator(".neuron-view .edge").count(), 20);
    assert.equal(await page.locator(".layer-matrix .number-cell").count(), 5 * 4 + 4 + 5);
    for (const name of ["Add a neuron", "Add an input"])
      assert.ok(await page.getByRole("button", { name, exact: true }).isDisabled());
    for (let i = 0; i < 4; i++) await press("Remove a neuron");
    for (let i = 0; i < 3; i++) await press("Remove an input");
    await shows(cell(page, 1, "sum"), "1.1");
    await press("New random weights");
    await fresh(page);
    await press("Start over");
    await shows(cell(page, 2, "sum"), "-1.23");
    await page.waitForURL(/#\/anatomy\/layer$/);
  }));

for (const { colorScheme, width } of looks)
  test(`axe finds nothing on the layer's page: ${colorScheme}, ${width} px`, () =>
    withPage(
      { context: { colorScheme }, viewport: { width, height: 800 } },
      async (page, { daemon }) => {
        await open(page, daemon, "#/anatomy/layer?neuron=2");
        assert.deepEqual(await axeFindings(page), []);
        const over = await page.evaluate(
          () =>
            document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(over, 0, "wider than the window");
      },
    ));
