// --web-dir serves newer files in place of the embedded ones, and nothing else of a folder.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { rawExchange, startLab, statusOf } from "./client.mjs";

test("a folder's files are served under the embedded names only", async (context) => {
  const folder = makeFolder();
  const web = path.join(folder, "web");
  fs.mkdirSync(path.join(web, "logic"), { recursive: true });
  fs.writeFileSync(path.join(web, "index.html"), "<!doctype html><title>newer</title>");
  fs.writeFileSync(path.join(web, "notes.txt"), "not for anyone");
  fs.writeFileSync(path.join(folder, "secret.txt"), "not for anyone either");
  const lab = await startLab({ args: ["--web-dir", web] });
  context.after(async () => {
    await lab.end();
    removeFolder(folder);
  });
  const page = await lab.request("GET", "/");
  assert.equal(page.status, 200);
  assert.match(page.headers.get("content-type"), /^text\/html/);
  assert.ok(page.headers.get("content-security-policy"));
  assert.equal(await page.text(), "<!doctype html><title>newer</title>");
  const embedded = (await (await fetch(`${lab.url}/assets/app.js`)).text()).length;
  assert.ok(embedded > 0, "what the folder lacks is embedded");
  for (const address of ["/notes.txt", "/web/notes.txt", "/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "//secret.txt"]) {
    const answer = await rawExchange(lab.port, `GET ${address} HTTP/1.1\r\nHost: 127.0.0.1:${lab.port}\r\nConnection: close\r\n\r\n`);
    assert.ok([400, 404].includes(statusOf(answer)), `${address} gave ${statusOf(answer)}`);
    assert.doesNotMatch(answer, /not for anyone/);
  }
  fs.rmSync(path.join(web, "index.html"));
  fs.mkdirSync(path.join(web, "index.html"));
  assert.match(await (await lab.request("GET", "/")).text(), /<!doctype html>/i, "a folder is no file");
});
