// The stream over the life of pages: a daemon that goes away and comes back, many tabs.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { api, closeBrowser, until, untilState, withPage } from "./browser.mjs";
import { startDaemon } from "./daemon.mjs";

after(closeBrowser);

const endless = {
  dataset: "mnist",
  train_samples: 5000,
  test_samples: 1000,
  hidden: [32],
  epochs: 100000,
};

const shown = (page) =>
  page
    .locator("details.data summary")
    .textContent()
    .then((text) => Number(text.match(/\((\d+)\)/)[1]));

async function stepsInTable(page) {
  if (!(await page.locator("table.points").count()))
    await page.getByText(/^Points as a table/).click();
  return page
    .locator('table.points td[data-metric="step"]')
    .evaluateAll((cells) => cells.map((cell) => Number(cell.textContent)));
}

test("a restart of the daemon: the page says so and comes back complete", () =>
  withPage(
    {
      allowed: [
        /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|ERR_CONNECTION_RESET/,
      ],
    },
    async (page, state) => {
      const { id } = await api(state.daemon, "POST", "/runs", endless);
      await page.goto(`${state.daemon.url}/#/runs/${id}`);
      await until(async () => (await shown(page).catch(() => 0)) >= 3, "points");
      const { port } = state.daemon;
      assert.equal(await state.daemon.stop(), 0);
      await page.getByText("Reconnecting …").waitFor();
      const before = await shown(page);

      state.daemon = await startDaemon({ folder: state.folder, port });
      await page.getByText("Live", { exact: true }).waitFor();
      await until(async () => (await shown(page)) > before, "points after the restart");
      await page.getByRole("button", { name: "Stop", exact: true }).click();
      await untilState(state.daemon, id, "stopped");
      const { points } = await api(state.daemon, "GET", `/runs/${id}/points`);
      await until(async () => (await shown(page)) === points.length, "every point, once");
      const expected = points.map(({ step }) => step).slice(-500);
      await until(
        async () => (await stepsInTable(page)).length === expected.length,
        "the table",
      );
      assert.deepEqual(await stepsInTable(page), expected);
    },
  ));

test("seven tabs at once: all live, none hangs", () =>
  withPage({}, async (page, { daemon, context }) => {
    const { id } = await api(daemon, "POST", "/runs", endless);
    const pages = [page];
    while (pages.length < 7) pages.push(await context.newPage());
    await Promise.all(pages.map((tab) => tab.goto(`${daemon.url}/#/runs/${id}`)));
    for (const tab of pages) {
      const now = await until(() => shown(tab).catch(() => 0), "points in the tab");
      await until(async () => (await shown(tab)) > now, "the tab to go on");
    }
    const { events } = await api(daemon, "GET", "/system");
    assert.ok(
      !("subscribers" in events) || events.subscribers <= 1,
      "one stream for the browser",
    );
    await pages[6].getByRole("button", { name: "Stop", exact: true }).click();
    for (const tab of pages) await tab.locator('.state[data-state="stopped"]').waitFor();
  }));

test("a run launched elsewhere appears in the list by itself and moves", () =>
  withPage({}, async (page, { daemon }) => {
    await api(daemon, "POST", "/runs", {
      dataset: "moons",
      hidden: [8],
      epochs: 2,
      name: "old",
    });
    await page.getByRole("link", { name: "old" }).waitFor();
    await api(daemon, "POST", "/runs", { ...endless, name: "from afar" });
    const row = page.locator("tr", { hasText: "from afar" });
    await row.locator('.state[data-state="running"]').waitFor();
    const best = row.locator(".col-best");
    await until(async () => /\d/.test(await best.textContent()), "an accuracy");
    await row.getByRole("button", { name: "Actions for from afar" }).click();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await row.locator('.state[data-state="stopped"]').waitFor();
  }));

/** What a browser may have in the place of the worker that pages share. */
const workers = {
  "without SharedWorker": () => delete window.SharedWorker,
  "with a shared worker that never answers": () => {
    window.SharedWorker = class extends EventTarget {
      port = { postMessage() {} };
    };
  },
};

for (const [name, script] of Object.entries(workers))
  test(`${name} the page has a stream of its own`, () =>
    withPage({}, async (page, { daemon }) => {
      await page.addInitScript(script);
      const { id } = await api(daemon, "POST", "/runs", endless);
      await page.goto("about:blank");
      await page.goto(`${daemon.url}/#/runs/${id}`);
      await until(async () => (await shown(page).catch(() => 0)) >= 2, "points");
      await api(daemon, "POST", `/runs/${id}/stop`, {});
      await page.locator('.state[data-state="stopped"]').waitFor();
    }));
