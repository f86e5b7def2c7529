// What a person does to runs: stop, pause, resume, extend, clone, delete, archive.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { api, closeBrowser, until, untilState, withPage } from "./browser.mjs";

after(closeBrowser);

/** Goes on until it is stopped, with a few points a second or more. */
const endless = {
  dataset: "mnist",
  train_samples: 5000,
  test_samples: 1000,
  hidden: [32],
  epochs: 100000,
};
const quick = { dataset: "moons", hidden: [8], epochs: 3 };

const pointsShown = (page) =>
  page
    .locator("details.data summary")
    .textContent()
    .then((text) => Number(text.match(/\((\d+)\)/)[1]));

const state = (page, name) =>
  page.locator(`.run-head .state[data-state="${name}"]`).waitFor();

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

async function open(page, daemon, config) {
  const run = await api(daemon, "POST", "/runs", config);
  await page.goto(`${daemon.url}/#/runs/${run.id}`);
  return run.id;
}

test("pause keeps, resume goes on, stop ends", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await open(page, daemon, endless);
    await until(async () => (await pointsShown(page).catch(() => 0)) >= 2, "points");
    await press(page, "Pause");
    await state(page, "paused");
    const { points } = await api(daemon, "GET", `/runs/${id}/points`);
    await until(
      async () => (await pointsShown(page)) === points.length,
      "all points so far",
    );

    await press(page, "Resume");
    await state(page, "running");
    await until(async () => (await pointsShown(page)) > points.length, "further points");
    await press(page, "Stop");
    await state(page, "stopped");
    await page.getByText("stopped by you").waitFor();
    const run = await api(daemon, "GET", `/runs/${id}`);
    assert.equal(run.stop_reason, "user");
    assert.equal(
      await page.getByRole("button", { name: "Stop", exact: true }).count(),
      0,
    );
  }));

test("a live run is extended from its page", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await open(page, daemon, { ...endless, epochs: 50000 });
    await press(page, "Extend");
    const box = page.getByLabel("Train until epoch");
    assert.equal(await box.inputValue(), "100000");
    await box.fill("60000");
    await box.press("Enter");
    await page.getByText("now goes on to epoch 60000").waitFor();
    const run = await api(daemon, "GET", `/runs/${id}`);
    assert.equal(run.config.epochs, 60000);
    await page.getByText(/of 60,000/).waitFor();
    await api(daemon, "POST", `/runs/${id}/stop`, {});
  }));

test("a clone has the same config and knows its parent", () =>
  withPage({}, async (page, { daemon }) => {
    const id = await open(page, daemon, {
      ...quick,
      name: "first",
      lr: 0.07,
      tags: ["a"],
    });
    await state(page, "finished");
    await press(page, "Clone");
    await page.waitForURL(new RegExp(`#/runs/${id + 1}$`));
    await page.getByRole("link", { name: `cloned from #${id}` }).waitFor();
    await state(page, "finished");
    const [source, copy] = [
      await api(daemon, "GET", `/runs/${id}`),
      await api(daemon, "GET", `/runs/${id + 1}`),
    ];
    assert.deepEqual(copy.config, source.config);
    assert.equal(copy.parent, id);
  }));

test("deleting can be undone, and is carried out when the page closes", () =>
  withPage({ allowed: [/404/] }, async (page, { daemon, context }) => {
    for (const name of ["keep", "drop"])
      await api(daemon, "POST", "/runs", { ...quick, name });
    await untilState(daemon, 2, "finished");
    await page.goto(`${daemon.url}/#/`);
    const row = page.locator('tr[data-run="2"]');
    await row.locator('.state[data-state="finished"]').waitFor();

    await row.getByRole("button", { name: "Actions for drop" }).click();
    await press(page, "Delete");
    await row.waitFor({ state: "detached" });
    await press(page, "Undo");
    await row.waitFor();
    assert.equal((await api(daemon, "GET", "/runs")).runs.length, 2);

    await row.getByRole("checkbox").check();
    await press(page, "Delete (1)");
    await row.waitFor({ state: "detached" });
    assert.equal((await api(daemon, "GET", "/runs")).runs.length, 2, "not yet");
    await page.goto("about:blank");
    await until(
      async () => (await api(daemon, "GET", "/runs")).runs.length === 1,
      "the deletion",
    );

    const other = await context.newPage();
    await other.goto(daemon.url);
    await other.locator('tr[data-run="1"]').waitFor();
    assert.equal(await other.locator("tbody tr").count(), 1);
  }));

test("an archived run leaves the list and is found in the archive", () =>
  withPage({}, async (page, { daemon }) => {
    for (const name of ["stays", "goes"])
      await api(daemon, "POST", "/runs", { ...quick, name });
    await untilState(daemon, 2, "finished");
    await page.goto(`${daemon.url}/#/`);
    const row = page.locator('tr[data-run="2"]');
    await row.getByRole("button", { name: "Actions for goes" }).click();
    await press(page, "Archive");
    await row.waitFor({ state: "detached" });
    await page.getByLabel("Archive", { exact: true }).check();
    await row.waitFor();
    assert.equal(await page.locator("tbody tr").count(), 1);
  }));

test("name, tags and notes are edited on the config tab and shown as text", () =>
  withPage({}, async (page, { daemon }) => {
    const name = `<img src=x onerror="window.hit=1"><b>bold</b>`;
    const id = await open(page, daemon, quick);
    await state(page, "finished"); // its progress bar goes then, and the tabs move up
    await page.getByRole("link", { name: "Config" }).click();
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Tags").fill("<i>tag</i>, two");
    await page.getByLabel("Notes").fill("<script>window.hit=2</script>");
    await press(page, "Save");
    await page.getByRole("heading", { level: 1, name }).waitFor();
    const run = await api(daemon, "GET", `/runs/${id}`);
    assert.deepEqual([run.name, run.tags], [name, ["<i>tag</i>", "two"]]);
    assert.equal(run.notes, "<script>window.hit=2</script>");
    await page.goto(`${daemon.url}/#/`);
    await page.getByRole("link", { name }).waitFor();
    assert.equal(await page.evaluate(() => window.hit ?? 0), 0);
    assert.equal(await page.locator("main img, main b, main i").count(), 0);
  }));
