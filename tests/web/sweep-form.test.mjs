// The pages that set up and list sweeps: what is sent, what is counted and estimated, what
// the server refuses, and what can be done with a sweep from the list.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { defaultsOf, fieldsOf } from "../../web/src/logic/fields.js";
import { api, axeFindings, closeBrowser, until, untilState, withPage, looks } from "./browser.mjs";

after(closeBrowser);

const refused = { allowed: [/status of 400/] };
/** Runs that end in a blink; the second kind goes on until it is stopped. */
const quick = {
  base: { dataset: "moons", hidden: [8], epochs: 2, target_accuracy: 0.99 },
  space: { lr: { values: [0.1, 0.5] } },
};
const endless = { ...quick, base: { ...quick.base, epochs: 100000, stop_at_target: false } };

const open = (page, daemon, spec) =>
  page.goto(
    `${daemon.url}/#/sweeps/new${spec ? `?spec=${encodeURIComponent(JSON.stringify(spec))}` : ""}`,
  );
const json = async (page) =>
  JSON.parse(await page.getByLabel("JSON", { exact: true }).textContent());
const launch = (page) => page.getByRole("button", { name: "Launch" }).click();
const counted = (page, text) =>
  until(
    async () =>
      (await page.locator('[data-estimate="runs"]').textContent({ timeout: 5000 }))
        .replace(/\s+/g, " ")
        .includes(text),
    `the count “${text}”`,
  );
const invalid = (page, id) => page.locator(`[id="${id}"][aria-invalid="true"]`).waitFor();
const focused = (page) => page.evaluate(() => document.activeElement?.id);
const sweepState = (daemon, id, ...states) =>
  until(
    async () => {
      const sweep = await api(daemon, "GET", `/sweeps/${id}`);
      return states.includes(sweep.state) && sweep;
    },
    `sweep ${id} to be ${states.join(" or ")}`,
  );

test("every sweep preset fills the form, is counted, and stays in the address", () =>
  withPage({}, async (page, { daemon }) => {
    const { presets } = await api(daemon, "GET", "/presets");
    const sweeps = presets.filter(({ kind }) => kind === "sweep");
    assert.ok(sweeps.length >= 3);
    const defaults = defaultsOf(fieldsOf(await api(daemon, "GET", "/openapi.json")));
    await open(page, daemon);
    for (const { title, config } of sweeps) {
      await page.getByRole("button", { name: title }).click();
      await page.locator('.preset[aria-pressed="true"]', { hasText: title }).waitFor();
      const { total_runs: runs } = await api(daemon, "POST", "/sweeps/estimate", config);
      await counted(page, `${runs} runs`);
      const sent = await json(page);
      assert.deepEqual(sent.space, config.space);
      await page.reload();
      await page.locator('.preset[aria-pressed="true"]', { hasText: title }).waitFor();
      assert.deepEqual(await json(page), sent);
      const both = [config, sent].map(async (body) => {
        const { id, spec } = await api(daemon, "POST", "/sweeps", body);
        await api(daemon, "POST", `/sweeps/${id}/stop`, {});
        return { ...spec, base: { ...defaults, ...spec.base } };
      });
      const [whole, short] = await Promise.all(both);
      assert.deepEqual(short, whole, "what is left out is what the server fills in");
    }
  }));

test("the New run page and the first-run button pass over sweep presets", () =>
  withPage({}, async (page, { daemon }) => {
    await page.goto(`${daemon.url}/#/new`);
    await page.locator(".preset").first().waitFor();
    assert.equal(await page.locator(".preset", { hasText: "12-run" }).count(), 0);
  }));

test("what the form shows as JSON is what it launches", () =>
  withPage({}, async (page, { daemon }) => {
    await page.getByRole("link", { name: "Sweeps", exact: true }).click();
    await page.getByRole("link", { name: "Start a sweep" }).click();
    await page.getByLabel("Batch size: values").fill("4, 16");
    await page.getByLabel("Learning rate: how").selectOption("log_uniform");
    await page.getByLabel("Learning rate: lower end").fill("0.010");
    await page.getByLabel("Learning rate: upper end").fill("1");
    assert.equal(
      await page.getByLabel("Learning rate: lower end").inputValue(),
      "0.010",
      "what was typed stays as typed",
    );
    await page.getByRole("button", { name: "Add a parameter" }).click();
    await page.getByLabel("Hidden layers: values").fill("8; 8 4; none");
    await page.getByRole("button", { name: "Add a parameter" }).click();
    await page.getByLabel("Parameter: Epochs").selectOption("activation");
    await page.getByRole("checkbox", { name: "gelu" }).uncheck();
    await page.getByLabel("Number of runs").fill("6");
    await page.getByLabel("Seeds per setting").fill("2");
    await page.locator(".base-section summary").click();
    await page.getByLabel("Dataset").selectOption("moons");
    await page.getByLabel("Target accuracy").fill("0.7");
    await page.getByLabel("Each run's time budget (s)").fill("2");
    await page.getByLabel("Name").fill("by hand");
    await counted(page, "3 settings × 2 seeds = 6 runs");
    const expected = {
      name: "by hand",
      base: { dataset: "moons", target_accuracy: 0.7, time_budget_s: 2 },
      space: {
        batch_size: { values: [4, 16] },
        lr: { log_uniform: [0.01, 1] },
        hidden: { values: [[8], [8, 4], []] },
        activation: { values: ["relu", "tanh", "sigmoid", "linear"] },
      },
      max_runs: 6,
      repeats: 2,
    };
    assert.deepEqual(await json(page), expected);
    await launch(page);
    await page.waitForURL(/#\/sweeps\/1$/);
    const { spec } = await api(daemon, "GET", "/sweeps/1");
    assert.deepEqual(spec.space, expected.space);
    assert.equal(spec.sampler, "random");
    for (const [name, value] of Object.entries(expected.base))
      assert.equal(spec.base[name], value);
  }));

test("the count follows the ranges, the time the measured speed and the workers", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, {
      ...quick,
      base: { ...quick.base, epochs: 2000 },
      space: { batch_size: { values: [8, 32] }, lr: { values: [0.1] } },
    });
    await counted(page, "2 settings = 2 runs");
    await page.getByText("no speed measured yet").waitFor();
    await page.getByLabel("Learning rate: values").fill("0.1, 0.2, 0.4");
    await counted(page, "6 settings = 6 runs");
    await page.getByLabel("Seeds per setting").fill("4");
    await counted(page, "6 settings × 4 seeds = 24 runs");

    await api(daemon, "POST", "/runs", { dataset: "moons", hidden: [8], epochs: 200 });
    await untilState(daemon, 1, "finished");
    await page.reload();
    const { workers } = await api(daemon, "GET", "/system");
    await page.getByText(workers.length === 1 ? "1 run" : `${workers.length} runs`, { exact: true }).waitFor();
    await page.locator('[data-estimate="seconds"]', { hasText: /^\s*at most/ }).waitFor();
    await page.getByLabel("Time the runs").check();
    await page.getByText("1 run", { exact: true }).waitFor();
    assert.equal(await page.getByLabel("Runs at a time").count(), 0);
  }));

test("every refused field says why at once, and the first has the focus on launch", () =>
  withPage(refused, async (page, { daemon }) => {
    await open(page, daemon);
    await page.getByLabel("Learning rate: values").fill("0.1, fast");
    await page.getByLabel("Seeds per setting").fill("0");
    await invalid(page, "space-lr-range");
    await page.getByText("“fast” is no number").waitFor();
    await invalid(page, "field-repeats");
    await page.getByText("2 fields are not right yet").waitFor();
    await launch(page);
    await until(async () => (await focused(page)) === "space-lr-range", "the focus");
    assert.equal(await page.getByLabel("Learning rate: values").inputValue(), "0.1, fast");
    assert.equal((await api(daemon, "GET", "/sweeps")).total, 0);

    await page.getByLabel("Learning rate: values").fill("0.1");
    await page.getByLabel("Seeds per setting").fill("1");
    await page.getByLabel("Settings to try").selectOption("grid");
    await page.getByLabel("Learning rate: how").selectOption("uniform");
    await page.getByLabel("Learning rate: lower end").fill("2");
    await page.getByText("the lower end must be below the upper").waitFor();
    for (const name of ["Batch size", "Learning rate"])
      await page.getByRole("button", { name: `Do not vary ${name}` }).click();
    await page.locator('[data-invalid="true"]').waitFor();
    await launch(page);
    await until(
      () => page.evaluate(() => document.activeElement?.textContent?.includes("Add a")),
      "the focus on the button",
    );
  }));

test("a refused field among those that stay is unfolded", () =>
  withPage(refused, async (page, { daemon }) => {
    await open(page, daemon, { ...quick, base: { ...quick.base, warmup_steps: -1 } });
    await page.getByText("Warmup steps is wrong").waitFor();
    await launch(page);
    await until(async () => (await focused(page)) === "field-base.warmup_steps", "focus");
    assert.ok(await page.getByLabel("Warmup steps").isVisible());
  }));

test("the list is live and steers: pause, resume, stop, clone, edit, delete, undo", () =>
  withPage({}, async (page, { daemon }) => {
    await page.goto(`${daemon.url}/#/sweeps`);
    await page.getByRole("link", { name: "Start a sweep" }).waitFor();
    await api(daemon, "POST", "/sweeps", { ...endless, name: "long" });
    const row = page.locator('tr[data-sweep="1"]');
    await row.getByText("0 of 2 runs").waitFor();
    await row.getByText("time to 99 %").waitFor();
    const act = async (id, name) => {
      await page.locator(`tr[data-sweep="${id}"]`).getByRole("button").click();
      await page.locator(".menu").getByText(name, { exact: true }).click();
    };
    const shows = (state) => row.locator(`.state[data-state="${state}"]`).waitFor();
    for (const [name, state] of [
      ["Pause", "paused"],
      ["Resume", "running"],
      ["Stop", "stopped"],
    ]) {
      await act(1, name);
      await shows(state);
    }
    await act(1, "Clone");
    await page.waitForURL(/#\/sweeps\/2$/);
    await api(daemon, "POST", "/sweeps/2/stop", {});

    await page.goto(`${daemon.url}/#/sweeps`);
    await act(1, "Edit as a new sweep");
    await page.getByLabel("Learning rate: values").waitFor();
    assert.deepEqual(await json(page), { name: "long", ...endless });

    await page.goto(`${daemon.url}/#/sweeps`);
    await act(1, "Delete with its runs");
    await row.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await row.waitFor();
    await act(1, "Delete with its runs");
    await row.waitFor({ state: "detached" });
    await until(async () => (await api(daemon, "GET", "/sweeps")).total === 1, "deletion");
  }));

test("a long list comes in pages", () =>
  withPage({}, async (page, { daemon }) => {
    for (let i = 0; i < 52; i++) {
      const { id } = await api(daemon, "POST", "/sweeps", quick);
      await api(daemon, "POST", `/sweeps/${id}/stop`, {}).catch(() => {});
    }
    await page.goto(`${daemon.url}/#/sweeps`);
    const rows = page.locator("tr[data-sweep]");
    await until(async () => (await rows.count()) === 50, "a page of 50");
    assert.equal(await rows.first().getAttribute("data-sweep"), "52");
    await page.getByRole("button", { name: "More" }).click();
    await until(async () => (await rows.count()) === 52, "all rows");
    assert.equal(await page.getByRole("button", { name: "More" }).count(), 0);
  }));

for (const { colorScheme, width } of looks)
  test(`axe finds nothing: ${colorScheme}, ${width} px`, () =>
    withPage(
      { ...refused, context: { colorScheme }, viewport: { width, height: 800 } },
      async (page, { daemon }) => {
        const name = "A name so long that it fits nowhere, ".repeat(5).trim();
        await api(daemon, "POST", "/sweeps", { ...quick, name });
        await sweepState(daemon, 1, "finished");
        const wrong = { ...quick, space: { lr: { values: ["x"] }, activation: { values: [] } } };
        const views = [
          [() => page.goto(`${daemon.url}/#/sweeps`), "tr[data-sweep]"],
          [() => open(page, daemon), "[data-estimate]"],
          [() => open(page, daemon, wrong), "[aria-invalid]"],
        ];
        for (const [show, shown] of views) {
          await show();
          await page.locator(shown).first().waitFor();
          if (shown !== "tr[data-sweep]") await page.locator(".base-section summary").click();
          assert.deepEqual(await axeFindings(page), [], shown);
          const over = await page.evaluate(
            () =>
              document.documentElement.scrollWidth -
              document.documentElement.clientWidth,
          );
          assert.equal(over, 0, `${shown} is wider than the window`);
        }
      },
    ));
