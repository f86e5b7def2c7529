// A browser for tests: one Chromium for the process, one context a test, and a record of
// everything that went wrong in it.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import { makeFolder, removeFolder, startDaemon } from "./daemon.mjs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What is well comes in a moment, but not where others train beside. */
export const WAIT_MS = 60000;

const allLooks = ["light", "dark"].flatMap((colorScheme) =>
  [1280, 360].map((width) => ({ colorScheme, width })),
);

/** Each colour scheme and each width once; with LOOKS=all each with each. */
export const looks =
  process.env.LOOKS === "all" ? allLooks : [allLooks[0], allLooks[3]];

let launched;

export function launchBrowser() {
  const executablePath =
    process.env.CHROMIUM || places.find((place) => fs.existsSync(place));
  assert.ok(executablePath, "no Chromium found: set CHROMIUM to its path");
  launched ??= chromium.launch({ executablePath, args: flags });
  return launched;
}

export async function closeBrowser() {
  await (await launched)?.close();
}

/** Records console errors, page errors and CSP violations of all pages of a context. */
function watch(context) {
  const problems = [];
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  context.on("weberror", (error) => problems.push(`page: ${error.error().message}`));
  return problems;
}

/** What a person would be told of it: where the pages stand, what they and the browser say. */
async function tell(context, problems) {
  const lines = problems.map((text) => `the browser reported: ${text}`);
  for (const page of context?.pages() ?? []) {
    const says = await page.locator("[role=alert], [role=status], .note").allTextContents().catch(String);
    lines.push(`${page.url()} says: ${[says].flat().join(" | ") || "nothing"}`);
  }
  return lines.join("\n");
}

/**
 * Runs `body` with a daemon, a fresh context and a page at "/", then cleans up and fails
 * if anything went wrong in the browser that `allowed` (patterns) does not cover.
 */
export async function withPage(options, body) {
  const { allowed = [], viewport = { width: 1280, height: 900 }, ...rest } = options;
  const state = { folder: makeFolder() };
  try {
    state.daemon = await startDaemon({ folder: state.folder, ...rest.daemon });
    const browser = await launchBrowser();
    state.context = await browser.newContext({ viewport, ...rest.context });
    state.context.setDefaultTimeout(WAIT_MS);
    const problems = (state.problems = watch(state.context));
    const page = await state.context.newPage();
    await page.goto(state.daemon.url);
    await body(page, state);
    const left = problems.filter(
      (text) => !allowed.some((pattern) => pattern.test(text)),
    );
    assert.deepEqual(left, [], "the browser reported problems");
  } catch (error) {
    error.message += `\n${await tell(state.context, state.problems ?? [])}`;
    throw error;
  } finally {
    // A handler that still waits for an answer must not fail the next test.
    for (const routed of [state.context, ...(state.context?.pages() ?? [])])
      await routed?.unrouteAll({ behavior: "ignoreErrors" }).catch(() => {});
    await state.context?.close();
    await state.daemon?.stop();
    removeFolder(state.folder);
  }
}

/** What the API answers; fails on any status that is not 2xx. */
export async function api(daemon, method, path, body) {
  const response = await fetch(daemon.url + path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** Stops the clock that `page.clock.install` put in, a moment from now. */
export const stopClock = async (page) =>
  page.clock.pauseAt((await page.evaluate(() => Date.now())) + 2000);

/** Polls until `probe` gives something truthy. */
export async function until(probe, what) {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const value = await probe();
    if (value) return value;
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until a run is in one of the given states. */
export const untilState = (daemon, id, ...states) =>
  until(
    async () => {
      const run = await api(daemon, "GET", `/runs/${id}`);
      return states.includes(run.state) && run;
    },
    `run ${id} to be ${states.join(" or ")}`,
  );

/** What axe finds on the page as it stands: one line a finding. Without preloading, which
 * would copy style sheets into style elements against the page's policy. */
export async function axeFindings(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { preload: false });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 120)} ${node.failureSummary}`),
    );
  });
}
