// Requests that no well-meaning client sends: their framing, their targets, their methods,
// and where they say they come from. Table by table, over raw sockets.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MOONS, rawExchange, startLab, statusOf, slowness } from "./client.mjs";
import { listRoutes, playCases, sendRaw } from "./hostile.mjs";

let lab, host, routes;
before(async () => {
  lab = await startLab();
  host = `Host: localhost:${lab.port}`;
  routes = await listRoutes(lab);
  await lab.waitFor((await lab.launch(MOONS)).id, "finished");
});
after(() => lab.end());

const JSON_LINE = "Content-Type: application/json";
const BODY = JSON.stringify(MOONS);
const head = (line, ...headers) => `${line}\r\n${[...headers, "Connection: close"].join("\r\n")}\r\n\r\n`;
const post = (headers, body = BODY) => sendRaw(lab, `POST /runs HTTP/1.1\r\n${[host, JSON_LINE, ...headers, "Connection: close"].join("\r\n")}\r\n\r\n${body}`);
const get = (target, ...headers) => sendRaw(lab, head(`GET ${target} HTTP/1.1`, host, ...headers));

test("framing that two parsers could read in two ways", async () => {
  const length = `Content-Length: ${BODY.length}`;
  const chunk = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
  const refused = [400, 0];
  const count = await playCases(lab, [
    ["length and chunks", post([length, "Transfer-Encoding: chunked"], chunk), refused],
    ["chunks and length", post(["Transfer-Encoding: chunked", length], chunk), refused],
    ["two lengths that differ", post([length, "Content-Length: 2"]), refused],
    ["two lengths that agree", post([length, length]), refused],
    ["a list of lengths", post([`Content-Length: ${BODY.length}, ${BODY.length}`]), refused],
    ["a negative length", post(["Content-Length: -1"]), refused],
    ["a signed length", post([`Content-Length: +${BODY.length}`]), refused],
    ["a length in hexadecimal", post(["Content-Length: 0x10"]), refused],
    ["a length with a fraction", post(["Content-Length: 2.0"]), refused],
    ["an empty length", post(["Content-Length: "]), refused],
    ["a length beyond 64 bits", post(["Content-Length: 99999999999999999999999"]), [400, 413, 0]],
    ["a blank before the colon", post([`Content-Length : ${BODY.length}`]), refused],
    ["an encoding that is none", post(["Transfer-Encoding: xchunked"], chunk), refused],
    ["two encodings", post(["Transfer-Encoding: gzip, chunked"], chunk), refused],
    ["chunked twice", post(["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], chunk), refused],
    ["a chunk size that is none", post(["Transfer-Encoding: chunked"], "zz\r\n{}\r\n0\r\n\r\n"), refused],
    ["a negative chunk size", post(["Transfer-Encoding: chunked"], "-1\r\n{}\r\n0\r\n\r\n"), refused],
    ["a chunk size beyond 64 bits", post(["Transfer-Encoding: chunked"], "fffffffffffffffff\r\n{}\r\n0\r\n\r\n"), [400, 413, 0]],
    ["a chunk longer than it says", post(["Transfer-Encoding: chunked"], "1\r\n{}\r\n0\r\n\r\n"), refused],
    ["two types", post(["Content-Type: text/plain", length]), refused],
    ["a header without a colon", post(["Nonsense", length]), refused],
  ]);
  console.log(`# ${count} framings`);
});

test("targets that lead somewhere else", async () => {
  const nowhere = [400, 404, 0];
  const traversals = ["/../etc/passwd", "/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fetc/passwd", "/assets/..%5c..%5cetc/passwd", "/assets/%252e%252e/etc/passwd", "/assets/..;/etc/passwd", "/assets/%c0%ae%c0%ae/etc/passwd", "/assets//etc/passwd", "//etc/passwd", "/assets/....//....//etc/passwd", "/assets/%00", "/assets/app.js%00.txt", "/datasets/..%2f..%2fetc%2fpasswd", "/datasets/%2fetc%2fpasswd", "/datasets/../runs", "/runs/1/../../etc/passwd", "/runs/%31%00", "/runs/1%2fpoints", "/runs/-1", "/runs/0", "/runs/01", "/runs/1e0", "/runs/9223372036854775808", "/runs/99999999999999999999", "/runs/1.0", "/runs/ 1", "/runs/", "/runs//points", "/RUNS"];
  const count = await playCases(lab, [
    ...traversals.map((target) => [target, get(target), nowhere]),
    ["an absolute target", get(`http://localhost:${lab.port}/version`), nowhere],
    ["an absolute target elsewhere", get("http://evil.example/version"), nowhere],
    ["a target without a slash", get("version"), nowhere],
    ["a star", sendRaw(lab, head("OPTIONS * HTTP/1.1", host)), [400, 404, 405, 0]],
    // To libmicrohttpd, which reads C strings, the target ends there: it is that of a list.
    ["a NUL in the target", get("/runs\0/1"), [200, ...nowhere]],
    ["a NUL in a header", get("/version", "X-Nul: a\0b"), [200, 400, 0]],
    ["a line feed alone", sendRaw(lab, `GET /version HTTP/1.1\nHost: evil.example\n\n`), [400, 421, 0]],
    ["no version", sendRaw(lab, "GET /version\r\n\r\n"), [400, 421, 505, 0]],
    ["version 9", sendRaw(lab, head("GET /version HTTP/9.9", host)), [400, 505, 0]],
    ["a target of 100,000 bytes", get(`/${"a".repeat(100000)}`), [400, 404, 414, 431, 0]],
    ["a header of 100,000 bytes", get("/version", `X-Long: ${"a".repeat(100000)}`), [400, 413, 431, 0]],
    ["10,000 headers", get("/version", ...Array.from({ length: 10000 }, (_, i) => `X-${i}: a`)), [400, 413, 431, 0]],
    ["a query of 50,000 bytes", get(`/runs?q=${"a".repeat(50000)}`), [400, 414, 431, 0]],
    ["a TLS hello", sendRaw(lab, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "x".repeat(200)), [400, 0]],
    ["an HTTP/2 hello", sendRaw(lab, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), [400, 405, 421, 505, 0]],
    ["nothing but blanks", sendRaw(lab, "\r\n\r\n\r\n\r\n"), [400, 0]],
    ["bytes at random", sendRaw(lab, Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 256)).toString("latin1")), [400, 0]],
  ]);
  console.log(`# ${count} targets`);
});

test("hosts and origins, on every route", { timeout: 120000 * slowness }, async () => {
  const own = `localhost:${lab.port}`;
  const cases = [];
  const ask = (route, ...headers) => {
    const body = route.method === "GET" || route.method === "DELETE" ? "" : BODY;
    const type = body ? [JSON_LINE, `Content-Length: ${body.length}`] : [];
    return sendRaw(lab, `${route.method} ${route.path} HTTP/1.1\r\n${[...headers, ...type, "Connection: close"].join("\r\n")}\r\n\r\n${body}`);
  };
  for (const route of routes) {
    const what = `${route.method} ${route.pattern}`;
    cases.push(
      [`${what}: a foreign host`, ask(route, "Host: evil.example"), 421],
      [`${what}: rebound`, ask(route, `Host: evil.example:${lab.port}`, `Origin: http://evil.example:${lab.port}`), 421],
      [`${what}: no host`, ask(route), [400, 421]],
      [`${what}: two hosts`, ask(route, `Host: ${own}`, "Host: evil.example"), [400, 421]],
      [`${what}: a foreign origin`, ask(route, `Host: ${own}`, "Origin: http://evil.example"), 403],
      [`${what}: no origin's origin`, ask(route, `Host: ${own}`, "Origin: null"), 403],
      [`${what}: another port's origin`, ask(route, `Host: ${own}`, "Origin: http://localhost:1"), 403],
      [`${what}: fetched across sites`, ask(route, `Host: ${own}`, "Sec-Fetch-Site: cross-site"), 403],
      [`${what}: fetched from a neighbour`, ask(route, `Host: ${own}`, "Sec-Fetch-Site: same-site"), 403],
    );
  }
  console.log(`# ${await playCases(lab, cases)} hosts and origins on ${routes.length} routes`);
});

test("methods that a route does not have", { timeout: 120000 * slowness }, async () => {
  const cases = [];
  const known = new Map();
  for (const { method, path } of routes) known.set(path, [...(known.get(path) ?? []), method]);
  for (const [target, methods] of known)
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get"]) {
      if (methods.includes(method) || (method === "HEAD" && methods.includes("GET"))) continue;
      const writes = ["POST", "PUT", "PATCH"].includes(method);
      cases.push([`${method} ${target}`, sendRaw(lab, `${method} ${target} HTTP/1.1\r\n${[host, ...(writes ? [JSON_LINE, "Content-Length: 2"] : []), "Connection: close"].join("\r\n")}\r\n\r\n${writes ? "{}" : ""}`), method === "CONNECT" ? [400, 405, 0] : [405]]);
    }
  console.log(`# ${await playCases(lab, cases)} methods`);
  const answer = await rawExchange(lab.port, head("DELETE /runs HTTP/1.1", host));
  assert.match(answer, /\r\nAllow: POST, GET, HEAD\r\n/);
});

test("HEAD is GET without a body, everywhere; a preflight is told nothing", { timeout: 60000 * slowness }, async () => {
  for (const { method, path } of routes) {
    if (method !== "GET" || path === "/events") continue;
    const got = await lab.request("GET", path);
    const length = (await got.arrayBuffer()).byteLength;
    const answer = await rawExchange(lab.port, head(`HEAD ${path} HTTP/1.1`, host), { keepOpen: true });
    assert.equal(statusOf(answer), got.status, path);
    assert.equal(answer.split("\r\n\r\n")[1], "", path);
    if (!["/system", "/healthz"].includes(path)) assert.match(answer, new RegExp(`content-length: ${length}\\r\\n`, "i"), path);
  }
  const preflight = await rawExchange(lab.port, head("OPTIONS /runs HTTP/1.1", host, "Origin: http://evil.example", "Access-Control-Request-Method: POST"));
  assert.equal(statusOf(preflight), 403);
  assert.doesNotMatch(preflight, /access-control/i);
});

test("requests in one go are answered one by one, in order", async () => {
  const one = (path, last) => `GET ${path} HTTP/1.1\r\n${host}\r\n${last ? "Connection: close\r\n" : ""}\r\n`;
  const answer = await rawExchange(lab.port, one("/version") + one("/nowhere") + one("/runs/1") + one("/healthz", true), { keepOpen: true });
  assert.deepEqual([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status), ["200", "404", "200", "200"]);
  // What follows a refused body is not taken for a request.
  const smuggled = await rawExchange(lab.port, `POST /runs HTTP/1.1\r\n${host}\r\n${JSON_LINE}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /runs/1 HTTP/1.1\r\n${host}\r\n\r\n`, { keepOpen: true });
  assert.equal([...smuggled.matchAll(/HTTP\/1\.1 \d/g)].length, 1);
  assert.equal(statusOf(smuggled), 400);
});
