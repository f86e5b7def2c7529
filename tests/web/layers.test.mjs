// The Layers tab of a run: live with what the server measures, and complete with made-up
// probes.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  api,
  axeFindings,
  closeBrowser,
  until,
  untilState,
  withPage,
  looks,
} from "./browser.mjs";

after(closeBrowser);

const long = { dataset: "moons", hidden: [8, 4], epochs: 100000, eval_every: 500 };
const quick = { ...long, epochs: 5, eval_every: null };
const tab = "#/runs/1?tab=layers";

/** The step that the table's caption names. */
async function shownStep(page) {
  const text = await page.locator(".layer-stats caption").textContent();
  return Number(text.match(/step ([\d,]+)/)[1].replace(/,/g, ""));
}

const cells = (page, layer) =>
  page.locator(`tr[data-layer="${layer}"] > *`).allTextContents();

test("the numbers of every layer arrive while the run trains, and agree with the API", () =>
  withPage({}, async (page, { daemon }) => {
    await api(daemon, "POST", "/runs", long);
    await page.goto(`${daemon.url}/#/runs/1`);
    await page.getByRole("link", { name: "Layers", exact: true }).click();
    await page.waitForURL(/#\/runs\/1\?tab=layers$/);
    await page.locator('tr[data-layer="2"]').waitFor();
    assert.deepEqual((await cells(page, 0)).slice(0, 2), ["Hidden 1", "2 → 8"]);
    assert.deepEqual((await cells(page, 2)).slice(0, 2), ["Output", "4 → 2"]);
    const first = await shownStep(page);
    await until(async () => (await shownStep(page)) > first, "the table to go on");

    await api(daemon, "POST", "/runs/1/stop", {});
    await untilState(daemon, 1, "stopped");
    const { layers } = await api(daemon, "GET", "/runs/1/layers");
    await page.getByText(`Layers as a table (${layers.length})`, { exact: true }).click();
    const last = layers.at(-1);
    assert.equal(await shownStep(page), last.step);
    const row = page.getByRole("region", { name: "Rows" }).locator("tbody tr").last();
    for (const name of ["step", "layer", "weight_norm", "grad_norm", "update_ratio"])
      assert.equal(
        Number(await row.locator(`[data-metric="${name}"]`).textContent()),
        last[name],
      );
  }));

test("the curves share the page's x axis, legend and keyboard", () =>
  withPage({}, async (page, { daemon }) => {
    await api(daemon, "POST", "/runs", quick);
    await untilState(daemon, 1, "finished");
    await page.goto(`${daemon.url}/${tab}`);
    const ratio = (by) =>
      page.getByRole("img", { name: new RegExp(`^Update ratio of 3 layers by ${by}:`) });
    await ratio("step").waitFor();
    await page.getByLabel("Epoch", { exact: true }).check();
    await ratio("epoch").focus();
    const spoken = page.locator("figure output").first();
    await until(async () => {
      await page.keyboard.press("End");
      return /^epoch 5: Hidden 1 .*, Hidden 2 .*, Output /.test(
        await spoken.textContent(),
      );
    }, "the cursor to stand at the end");
    const boxes = page.getByLabel("Hidden 2", { exact: true });
    await boxes.first().uncheck();
    assert.equal(await boxes.nth(1).isChecked(), false, "all curves of a layer go");
    assert.match(page.url(), /tab=layers&x=epoch&hide=layer-1$/);
  }));

test("without diagnostics the tab says so, and shows no probes", () =>
  withPage({}, async (page, { daemon }) => {
    await api(daemon, "POST", "/runs", { ...quick, diagnostics: false });
    await untilState(daemon, 1, "finished");
    await page.goto(`${daemon.url}/${tab}`);
    await page.getByText(/^Diagnostics are switched off/).waitFor();
    assert.equal(await page.getByRole("heading", { name: "Inside one layer" }).count(), 0);
    assert.equal(await page.getByText("Dead units").count(), 0);
  }));

test("before the first point the tab says what it waits for", () =>
  withPage({}, async (page, { daemon }) => {
    await api(daemon, "POST", "/runs", { ...long, eval_every: 1000000000 });
    await page.goto(`${daemon.url}/${tab}`);
    await page.getByText(/^Nothing measured yet/).waitFor();
  }));

const counts = Array.from({ length: 32 }, (_, i) => i * (31 - i));

/** What a server answers that has taken probes at these steps. */
function madeUp(steps) {
  const spread = (size) => ({ low: -size, high: size, counts });
  const row = (step, layer) => ({
    step,
    layer,
    weight_norm: 10 + layer,
    grad_norm: 0.5 / step,
    update_ratio: 10 ** -(layer + 2) / 2,
    activation_mean: 0.25,
    activation_deviation: 0.75,
    dead_fraction: layer < 2 ? 0.125 : null,
    saturated_fraction: null,
    histograms: {
      weights: spread(1 + layer),
      gradients: spread(1e-5 * step),
      activations: spread(3),
    },
  });
  return {
    layers: steps.flatMap((step) => [0, 1, 2, 3].map((layer) => row(step, layer))),
    noise: steps.map((step) => ({
      step,
      gradient_squared: 2,
      gradient_variance: 2 * step,
      noise_scale: step,
    })),
    next_cursor: null,
  };
}

/** Answers for the layers of run 1 in place of the server: one probe a hundred steps. */
const answerWith = (page, probes) =>
  page.route("**/runs/1/layers*", (route) => {
    const since = new URL(route.request().url()).searchParams.get("since_step") ?? -1;
    const steps = Array.from({ length: probes() }, (_, i) => 100 * (i + 1));
    route.fulfill({ json: madeUp(steps.filter((step) => step > Number(since))) });
  });

const deep = { ...quick, hidden: [8, 8, 8], activation: "relu", batch_size: 50 };

test("a layer and a probe are chosen by keyboard; bars, table and address follow", () =>
  withPage({}, async (page, { daemon }) => {
    await api(daemon, "POST", "/runs", deep);
    await untilState(daemon, 1, "finished");
    await answerWith(page, () => 4);
    await page.goto(`${daemon.url}/${tab}`);
    const slider = page.getByLabel("Probe", { exact: false });
    await page.getByText("step 400 (newest)").waitFor();
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByText("step 300 (3 of 4)").waitFor();
    await page.keyboard.press("Home");
    await page.getByText("step 100 (1 of 4)").waitFor();
    await page.getByRole("combobox", { name: "Layer" }).selectOption("2");
    assert.match(page.url(), /probe=100&layer=2$/);

    const total = counts.reduce((sum, count) => sum + count, 0).toLocaleString("en-US");
    await page
      .getByRole("img", { name: `Weights: ${total} values from -3 to 3` })
      .waitFor();
    const gradients = page.getByRole("img", {
      name: `Gradients: ${total} values from -0.001 to 0.001`,
    });
    await gradients.focus();
    const figure = page.locator("figure", { has: gradients });
    await page.keyboard.press("Home");
    await figure.getByText("value -0.001 to -0.000937: Count 0 (0.0 %)").waitFor();
    await figure.getByText("As a table").click();
    await figure.locator("tbody tr").last().waitFor();
    assert.equal(await figure.locator("tbody tr").count(), 32);

    await slider.focus();
    await page.keyboard.press("End");
    await page.getByText("step 400 (newest)").waitFor();
    assert.doesNotMatch(page.url(), /probe=/);
  }));

test("ratios outside the range are marked in words, the noise scale is put into words", () =>
  withPage({}, async (page, { daemon }) => {
    await api(daemon, "POST", "/runs", deep);
    await untilState(daemon, 1, "finished");
    await answerWith(page, () => 2);
    await page.goto(`${daemon.url}/${tab}`);
    await page.locator('tr[data-layer="3"]').waitFor();
    const ratios = await Promise.all([0, 1, 2, 3].map((layer) => cells(page, layer)));
    assert.deepEqual(
      ratios.map((row) => row[4]),
      ["0.005", "0.0005", "low 5e-5", "low 5e-6"],
    );
    assert.equal(ratios[0][5], "0.250 ± 0.750");
    assert.equal(ratios[0][6], "12.5 %");
    assert.equal(ratios[3][6], "–");
    const tile = (name) => page.locator(`[data-tile="${name}"]`).textContent();
    assert.equal(await tile("noise"), "200 samples");
    assert.equal(await tile("noise-mean"), "150 samples");
    await page
      .getByText("doubling this run's batch of 50 would save about 38 % of its steps")
      .waitFor();
  }));

test("the newest probe is followed while the run trains, a chosen one stays", () =>
  withPage({}, async (page, { daemon }) => {
    let probes = 2;
    await api(daemon, "POST", "/runs", { ...long, hidden: [8, 8, 8] });
    await answerWith(page, () => probes);
    await page.goto(`${daemon.url}/${tab}`);
    await page.getByText("step 200 (newest, follows the run)").waitFor();
    probes = 3;
    await page.getByText("step 300 (newest, follows the run)").waitFor();
    await page.getByLabel("Probe", { exact: false }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByText("step 200 (2 of 3)").waitFor();
    probes = 5;
    await page.getByText("step 200 (2 of 5)").waitFor();
  }));

for (const { colorScheme, width } of looks)
  test(`axe finds nothing, and nothing is too wide: ${colorScheme}, ${width} px`, () =>
    withPage(
      { context: { colorScheme }, viewport: { width, height: 800 } },
      async (page, { daemon }) => {
        await api(daemon, "POST", "/runs", deep);
        await untilState(daemon, 1, "finished");
        const check = async (what) => {
          await page.locator(".layer-stats tbody tr").first().waitFor();
          assert.deepEqual(await axeFindings(page), [], what);
          const over = await page.evaluate(
            () =>
              document.documentElement.scrollWidth -
              document.documentElement.clientWidth,
          );
          assert.equal(over, 0, `${what}: wider than the window`);
        };
        await page.goto(`${daemon.url}/${tab}`);
        await check("as the server answers");
        await answerWith(page, () => 30);
        await page.reload();
        await page.getByText("step 3,000 (newest)").waitFor();
        for (const summary of await page.locator("main summary").all())
          await summary.click();
        await page.locator("details[open] table").nth(4).waitFor();
        await check("with probes");
      },
    ));
