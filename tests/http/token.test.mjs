// Other addresses than loopback need a token; with one, everything asks for it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { startLab, slowness } from "./client.mjs";

const binary = process.env.SWEETSPOT_BIN ?? "build/sweetspot";

test("refuses to start on another address without a token", () => {
  const folder = makeFolder();
  const { status, stderr } = spawnSync(binary, ["serve", "--bind", "0.0.0.0", "--port", "0", "--data-dir", folder], {
    encoding: "utf8",
    env: { ...process.env, SWEETSPOT_TOKEN: "" },
    timeout: 20000 * slowness,
  });
  removeFolder(folder);
  assert.equal(status, 1);
  assert.match(stderr, /token/);
});

test("asks for the token, as a header or as a cookie", async () => {
  const lab = await startLab({ env: { SWEETSPOT_TOKEN: "open sesame" } });
  try {
    assert.equal((await lab.json("GET", "/runs")).status, 401);
    assert.equal((await lab.json("GET", "/runs", undefined, { Authorization: "Bearer wrong" })).status, 401);
    assert.equal((await lab.json("GET", "/runs", undefined, { Authorization: "Bearer open sesame" })).status, 200);
    assert.equal((await lab.request("GET", "/")).status, 200, "the page itself is public");
    assert.equal((await lab.json("POST", "/session", { token: "wrong" })).status, 401);
    const session = await lab.request("POST", "/session", { token: "open sesame" });
    assert.equal(session.status, 204);
    const cookie = session.headers.get("set-cookie");
    assert.match(cookie, /HttpOnly; SameSite=Strict/);
    const allowed = await lab.json("GET", "/runs", undefined, { Cookie: cookie.split(";")[0] });
    assert.equal(allowed.status, 200);
  } finally {
    await lab.end();
  }
});
