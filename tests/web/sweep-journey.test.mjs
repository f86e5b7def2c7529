// A sweep from preset to answer: launched with two clicks, filled live, judged anew by the
// sliders exactly as SQL judges its points, and its answer launched alone.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, test } from "node:test";
import { seconds } from "../../web/src/logic/format.js";
import { api, axeFindings, closeBrowser, until, withPage } from "./browser.mjs";

after(closeBrowser);

/** Rows of a query that knows nothing of how the server or the page judge. */
function query(folder, sql) {
  const file = `file:${path.join(folder, "sweetspot.db")}?mode=ro`;
  const text = execFileSync("sqlite3", ["-json", file, sql], { encoding: "utf8" });
  return text.trim() ? JSON.parse(text) : [];
}

/** The seconds in which each run reached the target, the soonest first. */
const hits = (folder, target, budget) =>
  query(
    folder,
    `select r.id, r.batch_size, r.lr, min(p.cpu_seconds) as seconds from runs r
     join points p on p.run = r.id where r.sweep = 1 and p.val_accuracy >= ${target}
     and p.cpu_seconds <= ${budget} group by r.id order by seconds`,
  );

const endOf = (daemon) =>
  until(
    async () => (await api(daemon, "GET", "/sweeps/1")).state === "finished",
    "the sweep to end",
  );

/** Waits until the answer card says what SQL does. */
async function expectAnswer(page, folder, target, budget) {
  const found = hits(folder, target, budget);
  const [best] = found;
  const answer = page.locator("[data-answer]");
  const wanted = best
    ? `batch ${best.batch_size}, lr ${Number(best.lr.toPrecision(3))}: ${seconds(best.seconds)}`
    : "no setting";
  const said = async () => (await answer.textContent()).replace(/\s+/g, " ");
  await until(async () => (await said()).includes(wanted), `"${wanted}"`).catch(
    async () => assert.fail(`the card says "${await said()}", SQL "${wanted}"`),
  );
  if (!best) return;
  const never = 12 - found.length;
  const wholly = never ? new RegExp(`^${never} of 12 `) : /^All 12 /;
  await until(
    async () => wholly.test(await page.locator("[data-never]").textContent()),
    `${wholly}`,
  );
}

test("from a preset to the answer, and to the answer's own run", { timeout: 120000 }, () =>
  withPage({}, async (page, { daemon, folder }) => {
    await page.getByRole("link", { name: "Sweeps", exact: true }).click();
    await page.locator('a[href="#/sweeps/new"]').first().click();
    await page.waitForURL(/#\/sweeps\/new/);
    await page.getByRole("button", { name: /Quick 12-run look/ }).click();
    await page.getByText("12 runs").first().waitFor();
    await page.getByRole("button", { name: "Launch" }).click();
    await page.waitForURL(/#\/sweeps\/1/);

    // It fills while it stands there.
    const progress = new Set();
    const rows = page.locator("table tbody tr");
    await until(async () => {
      progress.add(await rows.count());
      return (await api(daemon, "GET", "/sweeps/1")).state === "finished";
    }, "the sweep to end");
    await page.getByText("12 of 12 runs").first().waitFor();
    await until(async () => (await rows.count()) >= 12, "all settings");
    assert.ok(progress.size >= 3, `settings came in one by one: ${[...progress]}`);
    await endOf(daemon);
    assert.deepEqual(await axeFindings(page), []);

    // Sliders against SQL; the preset's budget is 1 s.
    await expectAnswer(page, folder, 0.95, 1);
    for (const [target, budget] of [[0.94, 1], [0.93, 1], [0.93, 0.1], [0.93, 0.000001], [0.9, 0.5]]) {
      await page.locator("#goal-target").fill(String(target));
      await page.getByLabel("Time limit in seconds").fill(String(budget));
      await page.getByLabel("Time limit in seconds").press("Tab");
      await expectAnswer(page, folder, target, budget);
    }

    // The recommendation, launched alone, is that setting.
    const [best] = hits(folder, 0.9, 0.5);
    const launch = page.getByRole("button", { name: "Launch this setting" });
    await until(() => launch.isEnabled(), "the config for this goal");
    await launch.click();
    await page.waitForURL(/#\/runs\/13/);
    const run = await until(async () => {
      const found = await api(daemon, "GET", "/runs/13");
      return found.state === "finished" && found;
    }, "the answer's run");
    assert.equal(run.config.batch_size, best.batch_size);
    assert.equal(run.config.lr, best.lr);
    assert.equal(run.config.target_accuracy, 0.9);
    assert.ok(run.summary.best_val_accuracy >= 0.9);
    assert.equal(run.sweep, null);
  }),
);
