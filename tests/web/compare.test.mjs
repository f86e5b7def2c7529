// Finding and comparing runs.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { api, closeBrowser, until, untilState, withPage } from "./browser.mjs";

after(closeBrowser);

const quick = { dataset: "moons", hidden: [8], epochs: 5 };

async function make(daemon, ...configs) {
  for (const config of configs)
    await api(daemon, "POST", "/runs", { ...quick, ...config });
  for (let id = 1; id <= configs.length; id++) await untilState(daemon, id, "finished");
}

test("two runs are ticked and compared: curves, and only what differs", () =>
  withPage({}, async (page, { daemon }) => {
    await make(daemon, { name: "slow", lr: 0.01 }, { name: "fast", lr: 0.5, seed: 2 });
    await page.goto(`${daemon.url}/#/`);
    for (const name of ["slow", "fast"]) await page.getByLabel(`Select ${name},`).check();
    await page.getByRole("link", { name: "Compare (2)" }).click();
    await page.waitForURL(/#\/compare\?ids=1,2$/);
    await page.getByRole("img", { name: /^test accuracy: 2 runs, best \d/ }).waitFor();
    const heads = await page.locator("th.differs").allTextContents();
    assert.deepEqual(heads, ["Learning rate", "Seed"]);

    await page.getByLabel("Metric").selectOption("test_loss");
    await page.getByLabel("Epoch", { exact: true }).check();
    await page.getByLabel("Log scale").check();
    await page.getByRole("img", { name: /^test loss: 2 runs, lowest/ }).waitFor();
    await page.getByLabel("#1 slow").uncheck();
    assert.match(page.url(), /metric=test_loss.*x=epoch.*log=1.*hide=1/);

    await page.getByRole("button", { name: "Take run 1 out" }).click();
    await page.getByRole("img", { name: /^test loss: 1 run,/ }).waitFor();
  }));

test("seeds of one config become a mean with its range", () =>
  withPage({}, async (page, { daemon }) => {
    await make(daemon, { seed: 1 }, { seed: 2 }, { seed: 3, lr: 0.3 });
    await page.goto(`${daemon.url}/#/compare?ids=1,2,3`);
    await page.getByLabel("Mean and range over seeds").check();
    await page.getByLabel("Run 1: mean of 2 seeds").waitFor();
    assert.equal(await page.locator(".legend input").count(), 2);
  }));

test("more than twenty are not drawn, and the page says so", () =>
  withPage({ allowed: [/status of 404/] }, async (page, { daemon }) => {
    await make(daemon, {});
    const ids = Array.from({ length: 23 }, (_, i) => i + 1).join();
    await page.goto(`${daemon.url}/#/compare?ids=${ids}`);
    await page.getByText("23 runs are chosen; the first 20 are drawn").waitFor();
    await page.getByText(/^Not found: #2,/).waitFor();
  }));

test("the list is sorted, filtered and searched by the server", () =>
  withPage({}, async (page, { daemon }) => {
    await make(
      daemon,
      { name: "b", lr: 0.2 },
      { name: "c", lr: 0.1 },
      { name: "a", lr: 0.3, tags: ["x"] },
    );
    await page.goto(`${daemon.url}/#/`);
    const listed = (...names) =>
      until(async () => {
        const texts = await page.locator("tbody .run-name a").allTextContents();
        return texts.join() === names.join();
      }, `the list to be ${names}`);
    await listed("a", "c", "b");
    await page.getByRole("button", { name: "lr" }).click();
    await page.locator('th[aria-sort="descending"]').waitFor();
    await listed("a", "b", "c");

    await page.getByLabel("Find by name").fill("b");
    await listed("b");
    await page.getByLabel("Find by name").fill("no such name");
    await page.getByText("No run fits these filters").waitFor();
    await page.getByRole("link", { name: "Show all runs" }).click();
    await page
      .locator('tr[data-run="3"]')
      .getByRole("link", { name: "x", exact: true })
      .click();
    await listed("a");
  }));

test("columns are chosen, and stay chosen", () =>
  withPage({}, async (page, { daemon }) => {
    await make(daemon, {});
    await page.goto(`${daemon.url}/#/`);
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByLabel("Seed").check();
    await page.getByLabel("Optimizer").uncheck();
    await page.keyboard.press("Escape");
    await page.goto(`${daemon.url}/#/datasets`);
    await page.goto(`${daemon.url}/#/`);
    await page.getByRole("button", { name: "Seed" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Optimizer" }).count(), 0);
  }));
