// Parts of the page are fetched when they are first shown.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeBrowser, until, withPage } from "./browser.mjs";

after(closeBrowser);

/** Addresses of the modules that the page has fetched. */
const modules = (page) =>
  page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname).filter((path) => path.endsWith(".js")));

test("a page fetches what it shows, each module once", () =>
  withPage({}, async (page) => {
    await page.getByRole("heading", { level: 1 }).waitFor();
    const first = await modules(page);
    assert.ok(first.includes("/assets/pages/runs/runs-page.js"));
    assert.ok(!first.some((path) => /chart\.js|\/anatomy\/|\/sweeps\/|run-page/.test(path)));
    assert.ok(first.length < 80, `${first.length} modules`);
    await page.getByRole("link", { name: "Anatomy" }).click();
    await page.getByRole("heading", { name: "Anatomy of a neuron" }).waitFor();
    await page.getByRole("link", { name: "MLP", exact: true }).click();
    await page.getByRole("heading", { name: "Anatomy of an MLP" }).waitFor();
    await until(async () => (await modules(page)).some((path) => path.includes("/anatomy/mlp/")), "the page's modules");
    const later = await modules(page);
    assert.equal(new Set(later).size, later.length);
  }));

test("a part that cannot be fetched says so, and is fetched again on demand", () =>
  withPage({ allowed: [/ERR_FAILED/] }, async (page) => {
    await page.getByRole("heading", { level: 1 }).waitFor();
    for (const [name, file] of [["System", "pages/system/system-page"], ["Compare", "pages/compare/comparison-table"]]) {
      const address = `**/assets/${file}.js`;
      await page.route(address, (route) => route.abort());
      await page.getByRole("link", { name, exact: true }).click();
      await page.getByRole("alert").getByText(/^Could not load this part of the page/).waitFor();
      await page.unroute(address);
      await page.getByRole("button", { name: "Retry" }).click();
      await page.getByRole("heading", { name }).first().waitFor();
    }
  }));
