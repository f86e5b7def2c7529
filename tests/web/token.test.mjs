// A server that wants its token: the page asks for it once.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeBrowser, withPage } from "./browser.mjs";

after(closeBrowser);

const options = {
  daemon: { env: { SWEETSPOT_TOKEN: "open sesame" } },
  allowed: [/status of 401/],
};

test("a wrong token is refused in words, the right one opens the page for good", () =>
  withPage(options, async (page) => {
    await page.getByLabel("Token").fill("wrong");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByText(/not the server's token/).waitFor();
    await page.getByLabel("Token").fill("open sesame");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /^Train your first model/ }).waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: /^Train your first model/ }).waitFor();
    assert.equal(
      await page.evaluate(() => document.cookie),
      "",
      "scripts cannot read it",
    );
  }));
