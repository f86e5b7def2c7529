// The guard: who may talk to the server, and in which form.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { JSON_TYPE, rawExchange, startLab, statusOf, slowness } from "./client.mjs";

let lab;
before(async () => (lab = await startLab()));
after(() => lab.end());

const get = (lines) =>
  rawExchange(lab.port, `GET /version HTTP/1.1\r\n${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`);
const host = () => `Host: localhost:${lab.port}`;

test("answers to its own names only", async () => {
  for (const name of ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
    assert.equal(statusOf(await get([`Host: ${name}:${lab.port}`])), 200, name);
  for (const name of ["evil.example", `evil.example:${lab.port}`, "localhost", "localhost:1", ""])
    assert.equal(statusOf(await get([`Host: ${name}`])), 421, name);
  assert.notEqual(statusOf(await get([])), 200);
});

test("refuses requests from other sites", async () => {
  const own = `http://localhost:${lab.port}`;
  assert.equal(statusOf(await get([host(), `Origin: ${own}`])), 200);
  for (const origin of ["http://evil.example", "null", "https://localhost", `${own}.evil.example`])
    assert.equal(statusOf(await get([host(), `Origin: ${origin}`])), 403, origin);
  for (const site of ["cross-site", "same-site"])
    assert.equal(statusOf(await get([host(), `Sec-Fetch-Site: ${site}`])), 403, site);
  for (const site of ["same-origin", "none"])
    assert.equal(statusOf(await get([host(), `Sec-Fetch-Site: ${site}`])), 200, site);
});

test("refuses what two parsers could read in two ways", async () => {
  const post = (lines, body) =>
    rawExchange(lab.port, `POST /runs HTTP/1.1\r\n${[host(), "Content-Type: application/json", ...lines].join("\r\n")}\r\n\r\n${body}`);
  const chunked = "2\r\n{}\r\n0\r\n\r\n";
  const bad = {
    "two lengths": await post(["Content-Length: 2", "Content-Length: 40"], "{}"),
    "length and chunks": await post(["Content-Length: 2", "Transfer-Encoding: chunked"], chunked),
    "strange encoding": await post(["Transfer-Encoding: xchunked"], chunked),
    "two encodings": await post(["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], chunked),
    "bad length": await post(["Content-Length: 2x"], "{}"),
    "two hosts": await get([host(), host()]),
    "absolute URI": await rawExchange(lab.port, `GET http://localhost:${lab.port}/version HTTP/1.1\r\n${host()}\r\n\r\n`),
    "encoded NUL": await rawExchange(lab.port, `GET /version%00x HTTP/1.1\r\n${host()}\r\n\r\n`),
  };
  for (const [what, answer] of Object.entries(bad)) assert.equal(statusOf(answer), 400, what);
  const { body } = await lab.json("GET", "/runs");
  assert.equal(body.total, 0, "none of them launched anything");
});

test("writes need application/json", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"]) {
    const response = await fetch(`${lab.url}/runs`, { method: "POST", headers: { "Content-Type": type }, body: "{}" });
    assert.equal(response.status, 415, type);
  }
  const { status } = await lab.json("POST", "/runs", { epochs: 0 }, { "Content-Type": "application/json; charset=utf-8" });
  assert.equal(status, 400, "the type is fine, the body is judged");
});

test("takes at most 64 KiB", async () => {
  const long = { notes: "x".repeat(70000) };
  assert.equal((await lab.json("POST", "/runs", long)).status, 413);
  const chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
  const answer = await rawExchange(
    lab.port,
    `POST /runs HTTP/1.1\r\n${host()}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(4)}0\r\n\r\n`,
  );
  assert.equal(statusOf(answer), 413);
});

test("a body must be one strict JSON object", async () => {
  const bad = ["", "[]", "{} x", '{"lr": 01}', '{"lr": 1e999}', '{"lr": 1, "lr": 2}', '{"name": "\\ud800"}', '{"name": "\\u0000"}', "{".repeat(40)];
  for (const body of bad) {
    const response = await fetch(`${lab.url}/runs`, { method: "POST", headers: JSON_TYPE, body });
    const problem = await response.json();
    if (body === "") continue; // no body at all is an empty object
    assert.equal(response.status, 400, body);
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    assert.ok(problem.detail.length > 10, body);
  }
  const invalid = await fetch(`${lab.url}/runs`, { method: "POST", headers: JSON_TYPE, body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]) });
  assert.equal(invalid.status, 400);
});

test("every answer carries the security headers", async () => {
  for (const [method, path] of [["GET", "/"], ["GET", "/version"], ["GET", "/nowhere"], ["PUT", "/runs"], ["POST", "/runs"]]) {
    const { headers } = await lab.request(method, path, method === "GET" ? undefined : {});
    assert.match(headers.get("content-security-policy"), /default-src 'none'; script-src 'self'/, path);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("x-frame-options"), "DENY");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
  }
});

test("a request that does not come to its end is cut off, others go on", { timeout: 30000 * slowness }, async () => {
  const slow = rawExchange(lab.port, `GET /version HTTP/1.1\r\n${host()}\r\nX-Slow:`, { keepOpen: true });
  const slowBody = rawExchange(lab.port, `POST /runs HTTP/1.1\r\n${host()}\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{`, { keepOpen: true });
  assert.equal((await lab.json("GET", "/version")).status, 200);
  await Promise.all([slow, slowBody]); // resolves when the server closes, long before its minute of inactivity
});

test("assets: compressed, with an ETag that is honoured, and no way out of them", async () => {
  const first = await lab.request("GET", "/");
  const etag = first.headers.get("etag");
  assert.equal(first.headers.get("content-encoding"), "gzip");
  assert.match(await first.text(), /<title>/);
  const again = await lab.request("GET", "/", undefined, { "If-None-Match": etag });
  assert.equal(again.status, 304);
  const answer = await rawExchange(lab.port, `GET /assets/../../etc/passwd HTTP/1.1\r\n${host()}\r\nConnection: close\r\n\r\n`);
  assert.equal(statusOf(answer), 404);
});
