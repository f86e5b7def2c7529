// The page of a sweep: with made-up sweeps, and live with a real one.
import assert from "node:assert/strict";
import { after, test } from "node:test";
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
import { answerWith, gridSweep, randomSweep } from "./sweep-fixture.mjs";

after(closeBrowser);

const address = "#/sweeps/1";
const answer = (page) => page.locator("[data-answer]");

/** Opens the page of a made-up sweep. Returns what it asked the server for. */
async function open(page, daemon, made, query = "") {
  const asked = await answerWith(page, () => made);
  await page.goto(`${daemon.url}/${address}${query}`);
  await page.locator(".answer-card, .empty").first().waitFor();
  return asked;
}

/** Waits until the answer's text, spaces aside, is like `pattern`. */
const answered = (page, pattern) =>
  until(
    async () => pattern.test((await answer(page).textContent()).replace(/\s+/g, " ")),
    `the answer to be ${pattern}`,
  );

test("the answer comes first, in words, and is launched by one click", () =>
  withPage({ allowed: [/status of 404/] }, async (page, { daemon }) => {
    await open(page, daemon, gridSweep());
    await answered(page, /^ ?Fastest to 90 %: batch 16, lr 0\.2: 0\.1\d s \(.*3 seeds\)/);
    assert.match(
      await page.locator("[data-never]").textContent(),
      /^\d+ of 25 settings never got there\.$/,
    );
    await page.getByText(/Chosen by validation accuracy.*CPU seconds/).waitFor();
    await page.getByText("Test accuracy of this setting, looked at once: 89.91 %").waitFor();
    let sent = null;
    await page.route("**/runs", (route) => {
      sent = route.request().postDataJSON();
      route.fulfill({ status: 201, json: { id: 77 } });
    });
    await page.getByRole("button", { name: "Launch this setting" }).click();
    await page.waitForURL(/#\/runs\/77$/);
    assert.equal(sent.batch_size, 16);
    assert.equal(sent.lr, 0.2);
  }));

/** A page that hears nothing live, so that it asks for no other reason than the test's. */
async function withoutStream(page) {
  await page.addInitScript(() => {
    delete window.SharedWorker;
    window.EventSource = class extends EventTarget {
      close() {}
    };
  });
  await page.reload();
}

test("target and budget are judged at once, and the server is asked when they rest", () =>
  withPage({}, async (page, { daemon }) => {
    await withoutStream(page);
    await page.clock.install();
    const asked = await open(page, daemon, gridSweep());
    await answered(page, /90 %: batch 16/);
    const target = page.getByRole("slider", { name: "Target accuracy" });
    await stopClock(page);
    const before = asked.length;
    for (let i = 0; i < 10; i++) {
      await target.press("ArrowRight");
      await page.clock.runFor(100);
    }
    assert.equal(asked.length, before);
    await page.clock.runFor(1000);
    await answered(page, /Fastest to 91 %: batch 16/);
    await until(() => asked.at(-1).includes("target=0.91"), "the server to be asked");
    assert.equal(asked.length, before + 1);
    await page.clock.resume();
    await target.focus();
    for (let i = 0; i < 20; i++) await page.keyboard.press("ArrowRight");
    await answered(page, /Fastest to 93 %: batch 16/);
    await page.waitForURL(/target=0\.93$/);
    await until(() => asked.at(-1).includes("target=0.93"), "the server to be asked");

    const limit = page.getByRole("slider", { name: "Time limit of a run" });
    assert.equal(await limit.getAttribute("aria-valuetext"), "no limit");
    await page.getByLabel("Time limit in seconds, empty for none").fill("0.05");
    await answered(page, /Fastest to 93 % within 0.05 s: no setting/);
    await page.getByText(/With more time it is reached/).waitFor();
    await page.waitForURL(/budget=0\.05/);
    await limit.focus();
    await page.keyboard.press("End");
    await answered(page, /Fastest to 93 %: batch 16/);

    await page.getByLabel("Target accuracy in per cent").fill("99.9");
    await answered(page, /Fastest to 99\.9 %: no setting/);
    await page.getByText(/^The best was .* points short of 99\.9 %/).waitFor();
    await page.getByLabel("Looking for").selectOption("best_accuracy");
    await answered(page, /^ ?Most accurate: batch 16, lr 0\.2: 9\d\.\d+ %/);
    assert.equal(await target.count(), 0);
    await page.waitForURL(/objective=best_accuracy/);
    await page.reload();
    await answered(page, /^ ?Most accurate/);
  }));

test("steps of the slider that follow the address at once are kept", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, gridSweep());
    await answered(page, /90 %: batch 16/);
    const target = page.getByRole("slider", { name: "Target accuracy" });
    await page.evaluate(() => {
      const slider = document.getElementById("goal-target");
      const step = () => {
        slider.stepUp();
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      };
      const { replaceState } = history;
      history.replaceState = function (...words) {
        history.replaceState = replaceState;
        replaceState.apply(this, words);
        // The page renders the address in a microtask; an input is the next task, another
        // one comes when the page has drawn what became of that.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          step();
          requestAnimationFrame(() => requestAnimationFrame(step));
        };
        port2.postMessage(null);
      };
      step();
    });
    await page.waitForURL(/target=0\.90[23]$/);
    await answered(page, /Fastest to 90\.3 %: batch 16/);
    assert.equal(await target.inputValue(), "0.903");
  }));

test("the heat map is walked with the arrow keys, and Enter opens a cell's runs", () =>
  withPage({ allowed: [/status of 404/] }, async (page, { daemon }) => {
    await open(page, daemon, gridSweep());
    const map = page.getByRole("grid");
    assert.equal(await map.locator(".heat-diverged").count(), 2);
    assert.ok((await map.locator(".heat-missed").count()) > 5);
    const best = map.getByRole("link", { name: /^batch 16, lr 0\.2: .*\(the answer\)$/ });
    assert.equal(await best.getAttribute("tabindex"), "0");
    assert.equal(await map.locator('[tabindex="0"]').count(), 1);
    await best.focus();
    const here = () => page.evaluate(() => document.activeElement.ariaLabel);
    await page.keyboard.press("ArrowDown");
    assert.match(await here(), /^batch 16, lr 0\.8: 3 not reached, best validation/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Home");
    assert.match(await here(), /^batch 4, lr 3\.2: 3 diverged/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/compare\?ids=13,14,15$/);
  }));

test("any two parameters, binned where they have many values", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, randomSweep(300));
    await page.getByLabel("across").selectOption("momentum");
    await page.waitForURL(/mapx=momentum/);
    const map = page.getByRole("grid");
    assert.equal(await map.getByRole("columnheader").count(), 10);
    await map.getByRole("link", { name: /the best of \d+ settings/ }).first().waitFor();
  }));

test("time against accuracy names its points to the keyboard", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, gridSweep());
    const chart = page.getByRole("img", { name: /^Best validation accuracy by CPU/ });
    const figure = page.locator("figure", { has: chart });
    await chart.focus();
    await page.keyboard.press("Home");
    const spoken = figure.locator("output");
    await until(
      async () => /^#\d+ batch \d+, lr [\d.]+: CPU/.test(await spoken.textContent()),
      "a setting to be named",
    );
    const first = await spoken.textContent();
    await page.keyboard.press("ArrowRight");
    await until(async () => (await spoken.textContent()) !== first, "the next one");
    await figure.getByText(/^The front as a table/).click();
    await figure.getByRole("cell", { name: /batch 16, lr 0\.2/ }).first().waitFor();
  }));

test("steps against samples: the critical batch size, or why it is not known", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, gridSweep());
    await page.getByText(/^Critical batch size about \d+ samples \(95 % interval/).waitFor();
    await page.getByText(/agrees with it within a factor of 1\.4/).waitFor();
    await page.getByText(/Half of it costs 21 % more time, double of it/).waitFor();
    await page.getByLabel("Target accuracy in per cent").fill("99");
    await page.getByText(/needs at least 3 batch sizes .* so far none does/).waitFor();
  }));

test("a thousand settings: few rows, smooth sliders, ranges and the best few", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, randomSweep(1000));
    const rows = page.locator("table.settings tbody tr");
    await rows.nth(49).waitFor();
    assert.equal(await rows.count(), 50);
    await page.getByRole("button", { name: "Show more (50 of 1,000)" }).click();
    await rows.nth(249).waitFor();

    const words = page.locator("figure", { hasText: "All settings at once" });
    await words.getByText(/^50 of 1,000 settings lit/).waitFor();
    await page.getByRole("slider", { name: "Light up" }).focus();
    await page.keyboard.press("Home");
    await words.getByText(/^1 of 1,000 settings lit/).waitFor();
    await page.keyboard.press("End");
    await words.getByText(/^1,000 of 1,000 settings lit/).waitFor();
    await page.getByLabel("Batch size, from").focus();
    await page.keyboard.press("End");
    await words.getByText("256 to 256").waitFor();
    await page.waitForURL(/ranges=batch_size/);
    const lit = await words.locator(".heat-words").textContent();
    assert.ok(Number(lit.match(/\d+/)[0]) < 300, lit);

    const canvas = page.getByRole("img", { name: /^Parallel coordinates/ });
    await canvas.focus();
    await page.keyboard.press("ArrowDown");
    await words.getByText(/^\d+\. batch 256, lr /).waitFor();
    await page.reload();
    await words.getByText("256 to 256").waitFor();
  }));

test("importance has per cents, or says what it waits for", () =>
  withPage({}, async (page, { daemon }) => {
    await open(page, daemon, gridSweep());
    await page.locator(".importance li").first().waitFor();
    assert.deepEqual(await page.locator(".importance li > span").allTextContents(), [
      "Learning rate",
      "63 %",
      "Batch size",
      "27 %",
    ]);
    const few = gridSweep({ batches: [32], rates: [0.1, 0.4], repeats: 1 });
    await page.unrouteAll();
    await page.goto("about:blank");
    await open(page, daemon, few);
    await page.getByText(/needs at least 10 settings .* so far there are 2 settings/).waitFor();
  }));

test("nothing yet, nothing but failures, and a sweep that is not there", () =>
  withPage({ allowed: [/status of 404/] }, async (page, { daemon }) => {
    const fresh = gridSweep({ ended: 0 });
    for (const trial of fresh.trials) Object.assign(trial, { state: "queued", steps: [] });
    await open(page, daemon, fresh);
    await page.getByText("The first runs are under way").waitFor();
    await page.unrouteAll();
    await page.goto("about:blank");
    await open(page, daemon, gridSweep({ fail: true }));
    await page.getByRole("alert").getByText("All 75 runs failed or diverged").waitFor();
    assert.equal(await page.locator(".heat-failed").count(), 26);
    await page.goto(`${daemon.url}/#/sweeps/12345`);
    await page.getByText(/^Could not load sweep 12345/).waitFor();
  }));

const real = {
  name: "Moons",
  base: { dataset: "moons", hidden: [16], epochs: 40, target_accuracy: 0.85 },
  space: { batch_size: { values: [8, 32, 128] }, lr: { values: [0.03, 0.3, 1] } },
  repeats: 3,
};

// The page may be asking for the analysis in the moment in which the sweep is deleted.
const askedTooLate = [/404 \(Not Found\)/];

test("a real sweep fills the page while it runs, is renamed, and vanishes", () =>
  withPage({ allowed: askedTooLate }, async (page, { daemon }) => {
    await api(daemon, "POST", "/sweeps", real);
    await page.goto(`${daemon.url}/${address}`);
    await page.locator('.run-head .state[data-state="finished"]').waitFor();
    await page.getByText(/^27 of 27 runs in/).waitFor();
    await until(
      async () => !(await answer(page).textContent()).includes("so far"),
      "the last answer",
    );
    const { answer: told, cells } = await api(daemon, "GET", "/sweeps/1/analysis");
    const [batch, lr] = cells[told.cell].values;
    await answered(page, new RegExp(`^ ?Fastest to 85 %: batch ${batch}, lr ${lr}:`));
    assert.equal(await page.locator("table.settings tbody tr").count(), 9);

    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByLabel("Name").fill("Two moons");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Two moons" }).waitFor();
    await page.getByRole("link", { name: "All its runs" }).click();
    await page.getByRole("button", { name: /^Show all again, not only sweep 1/ }).waitFor();
    await page.locator('tr[data-run="27"]').waitFor();
    await page.goto(`${daemon.url}/#/runs/3`);
    await page.getByRole("link", { name: "part of sweep #1" }).click();
    await page.getByRole("heading", { name: "Two moons" }).waitFor();
    await api(daemon, "DELETE", "/sweeps/1");
    await page.getByText("This sweep was deleted").waitFor();
  }));

test("a run says where it is going while it trains", () =>
  withPage({}, async (page, { daemon }) => {
    let chance = 0.97;
    await page.route("**/runs/1/projection*", (route) =>
      route.fulfill({
        json: {
          target: 0.99,
          horizon: 10,
          points: 9,
          metric: "test_accuracy",
          projection: {
            reached: false,
            chance,
            seconds: 4,
            seconds_low: 3,
            seconds_high: 6,
            level: 0.95,
            level_low: 0.94,
            level_high: 0.96,
          },
        },
      }),
    );
    const run = { dataset: "moons", hidden: [8], epochs: 100000, target_accuracy: 0.9999 };
    await api(daemon, "POST", "/runs", run);
    await page.goto(`${daemon.url}/#/runs/1`);
    const said = page.locator("[data-projection]");
    await said.getByText("99.99 % in 4.00 s (3.00–6.00 s), chance 97 %").waitFor();
    chance = 0.01;
    await said.getByText("levels off near 95.0 %: will not reach 99.99 %").waitFor();
    await api(daemon, "POST", "/runs/1/stop", {});
    await untilState(daemon, 1, "stopped");
    await said.waitFor({ state: "detached" });
  }));

const cases = {
  finished: () => gridSweep(),
  live: () => gridSweep({ ended: 31 }),
  small: () => gridSweep({ batches: [32], rates: [0.1, 0.4], repeats: 1 }),
  failed: () => gridSweep({ fail: true }),
  large: () => randomSweep(1000),
};

for (const { colorScheme, width } of looks)
  test(`axe finds nothing, and nothing is too wide: ${colorScheme}, ${width} px`, () =>
    withPage(
      { context: { colorScheme }, viewport: { width, height: 800 } },
      async (page, { daemon }) => {
        for (const [name, make] of Object.entries(cases)) {
          await page.unrouteAll();
          await page.goto("about:blank");
          await open(page, daemon, make());
          await page.locator("table.settings tbody tr").first().waitFor();
          assert.deepEqual(await axeFindings(page), [], name);
          const over = await page.evaluate(
            () =>
              document.documentElement.scrollWidth -
              document.documentElement.clientWidth,
          );
          assert.equal(over, 0, `${name}: wider than the window`);
        }
      },
    ));
