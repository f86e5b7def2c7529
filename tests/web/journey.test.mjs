// The main way through the house: one button, a network learns live, and four witnesses
// agree about it to the last digit.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, test } from "node:test";
import { api, closeBrowser, until, untilState, withPage } from "./browser.mjs";
import { follow } from "./events.mjs";

after(closeBrowser);

const metrics = ["train_loss", "train_accuracy", "test_loss", "test_accuracy"];
const columns = ["step", "epoch", "samples", "train_seconds", ...metrics, "lr"];

/** Doubles as mantissa and exponent: the shell's own printing rounds to 15 digits. */
function storedPoints(folder, run) {
  const parts = columns.map(
    (name) => `ieee754_mantissa(${name}), ieee754_exponent(${name})`,
  );
  const sql = `select ${parts.join(", ")} from points where run = ${run} order by step`;
  const file = `file:${path.join(folder, "sweetspot.db")}?mode=ro`;
  const text = execFileSync("sqlite3", ["-separator", ",", file, sql], {
    encoding: "utf8",
  });
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const numbers = line.split(",").map(Number);
      const values = columns.map((name, i) => [
        name,
        numbers[2 * i] * 2 ** numbers[2 * i + 1],
      ]);
      return Object.fromEntries(values);
    });
}

/** The rows of the page's table, as numbers. */
async function shownPoints(page) {
  await page.getByText(/^Points as a table/).click();
  await page.locator("table.points tbody tr").first().waitFor();
  return page.locator("table.points tbody tr").evaluateAll((rows) =>
    rows.map((row) => {
      const cells = [...row.querySelectorAll("td[data-metric]")];
      return Object.fromEntries(
        cells.map((cell) => [cell.dataset.metric, Number(cell.textContent)]),
      );
    }),
  );
}

const only = (point) => Object.fromEntries(columns.map((name) => [name, point[name]]));

/** Records every value that the number of points on the page takes. */
const recordCounts = (page) =>
  page.evaluate(() => {
    window.counts = [];
    const read = () => {
      const text = document.querySelector("details.data summary")?.textContent;
      const count = Number(text?.match(/\((\d+)\)/)?.[1] ?? 0);
      if (window.counts.at(-1) !== count) window.counts.push(count);
    };
    new MutationObserver(read).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });

test("the first button trains a model whose points arrive live and agree everywhere", () =>
  withPage({}, async (page, { daemon, folder }) => {
    const events = await follow(daemon.url);
    await recordCounts(page);
    await page.getByRole("button", { name: /^Train your first model/ }).click();
    await page.waitForURL(/#\/runs\/1$/);
    const run = await untilState(daemon, 1, "finished");
    await page.locator('.state[data-state="finished"]').waitFor();
    const { points } = await api(daemon, "GET", "/runs/1/points");
    await page.getByText(`Points as a table (${points.length})`).waitFor();

    const counts = await page.evaluate(() => window.counts);
    const later = counts.filter((count) => count > 0);
    assert.ok(later.length >= 2, `points arrived while the page stood: ${counts}`);
    assert.deepEqual(
      later,
      [...later].sort((a, b) => a - b),
    );

    const best = Math.max(...points.map((point) => point.test_accuracy));
    assert.ok(best >= 0.96, `it learnt: ${best}`);
    assert.equal(run.summary.best_test_accuracy, best);

    await until(
      () => events.points(1).length >= points.length,
      "the stream to bring all points",
    );
    events.close();
    const served = points.map(only);
    assert.deepEqual(events.points(1).map(only), served, "stream and API agree");
    assert.deepEqual((await shownPoints(page)).map(only), served, "page and API agree");
    assert.deepEqual(storedPoints(folder, 1), served, "SQLite and API agree");
    assert.equal(
      await page.locator('[data-tile="best"]').textContent(),
      `${(best * 100).toFixed(2)} %`,
    );
  }));

test("the run's chart can be walked through with the arrow keys", () =>
  withPage({}, async (page, { daemon }) => {
    await api(daemon, "POST", "/runs", { dataset: "moons", hidden: [8], epochs: 4 });
    await untilState(daemon, 1, "finished");
    await page.goto(`${daemon.url}/#/runs/1?x=epoch`);
    const chart = page.getByRole("img", { name: /^Accuracy of run 1/ });
    await page.getByText("Points as a table (4)").waitFor();
    await chart.focus();
    const spoken = page.locator("figure output").first();
    await page.keyboard.press("Home");
    await until(
      async () => /^epoch 1: Train .*Test/.test(await spoken.textContent()),
      "1",
    );
    await page.keyboard.press("ArrowRight");
    await until(async () => (await spoken.textContent()).startsWith("epoch 2:"), "2");
  }));
