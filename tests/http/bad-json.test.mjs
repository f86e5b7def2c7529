// Bodies and queries that are not what they should be, on every route that reads one.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { JSON_TYPE, MOONS, startLab, slowness } from "./client.mjs";
import { listRoutes, playCases } from "./hostile.mjs";

let lab, routes;
before(async () => {
  lab = await startLab();
  routes = await listRoutes(lab);
  await lab.waitFor((await lab.launch({ ...MOONS, name: "50% of_all", tags: ["a"] })).id, "finished");
});
after(() => lab.end());

const send = (method, path, body) => async () => {
  const response = await fetch(lab.url + path, { method, headers: JSON_TYPE, body });
  const text = await response.text();
  if (response.status >= 400) assert.ok(JSON.parse(text).detail.length > 5, `${method} ${path} says why`);
  return response.status;
};
const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));

/** Texts that are no JSON object that this server takes, whatever the route. */
const texts = {
  "10,000 levels": '{"a":'.repeat(10000) + "1" + "}".repeat(10000),
  "10,000 lists": `{"a":${"[".repeat(10000)}${"]".repeat(10000)}}`,
  "an unfinished object": '{"epochs": 1',
  "a list": "[]",
  "a number": "1",
  null: "null",
  "two objects": "{}{}",
  "garbage behind it": "{} x",
  "a byte order mark": bytes([0xef, 0xbb, 0xbf], "{}"),
  "UTF-16": Buffer.from("{}", "utf16le"),
  "invalid UTF-8": bytes('{"name": "', [0xff, 0xfe], '"}'),
  "overlong UTF-8": bytes('{"name": "', [0xc0, 0x80], '"}'),
  "a surrogate in UTF-8": bytes('{"name": "', [0xed, 0xa0, 0x80], '"}'),
  "a lone surrogate": '{"name": "\\ud800"}',
  "surrogates the wrong way round": '{"name": "\\udc00\\ud800"}',
  "a NUL character": '{"name": "\\u0000"}',
  "a raw NUL": bytes('{"name": "a', [0], 'b"}'),
  "a raw line feed": '{"name": "a\nb"}',
  "an unknown escape": '{"name": "\\x41"}',
  "a doubled key": '{"seed": 1, "seed": 2}',
  "a doubled key, once escaped": '{"seed": 1, "\\u0073eed": 2}',
  "single quotes": "{'epochs': 1}",
  "a comment": '{/* */ "epochs": 1}',
  "a comma too many": '{"epochs": 1,}',
  NaN: '{"lr": NaN}',
  Infinity: '{"lr": Infinity}',
  "1e999": '{"lr": 1e999}',
  "-1e999": '{"lr": -1e999}',
  "a leading zero": '{"epochs": 01}',
  "a leading plus": '{"epochs": +1}',
  "a point alone": '{"lr": .5}',
  "hexadecimal": '{"epochs": 0x10}',
  "a number of 10,000 digits": `{"lr": ${"1".repeat(10000)}}`,
  "a field of another case": '{"Epochs": 1}',
  "a field that is none": '{"epochz": 1}',
  "a field of the prototype": '{"__proto__": {"epochs": 1}}',
};

test("texts that are not taken, on every route with a body", { timeout: 120000 * slowness }, async () => {
  const cases = [];
  for (const { method, path } of routes.filter(({ takes }) => takes === "application/json"))
    if (["POST", "PATCH", "PUT"].includes(method)) for (const [what, text] of Object.entries(texts)) cases.push([`${method} ${path}: ${what}`, send(method, path, text), [400, 404, 409]]);
  console.log(`# ${await playCases(lab, cases)} texts`);
});

test("configs that cannot be, each told by its field", { timeout: 60000 * slowness }, async () => {
  const bad = [
    ["epochs", 1.5], ["epochs", -1], ["epochs", "1"], ["epochs", true], ["epochs", []], ["epochs", 9007199254740993], ["epochs", 1e300],
    ["batch_size", 0], ["batch_size", 1.5], ["batch_size", 1e9], ["seed", -1], ["seed", 9007199254740994], ["seed", 0.5],
    ["lr", 0], ["lr", -1], ["lr", 1e300], ["lr", "0.1"], ["momentum", 1], ["dropout", 1], ["beta1", 1.5],
    ["hidden", [1000000000]], ["hidden", [0]], ["hidden", [-1]], ["hidden", [1.5]], ["hidden", ["a"]], ["hidden", Array(1000).fill(1)], ["hidden", 5], ["hidden", { 0: 1 }], ["hidden", [65536, 65536, 65536]],
    ["dataset", "../../etc/passwd"], ["dataset", "/dev/zero"], ["dataset", "/etc/passwd"], ["dataset", "mnist/../mnist"], ["dataset", "mnist\u2044"], ["dataset", "MNIST"], ["dataset", ""], ["dataset", "x".repeat(10000)], ["dataset", null],
    ["activation", "relu "], ["activation", 0], ["optimizer", "SGD"], ["loss", "'; DROP TABLE runs; --"], ["engine", "%s%n"],
    ["train_samples", 1e9], ["test_samples", -5], ["validation_samples", 1e9], ["name", "x".repeat(10000)], ["name", 5], ["tags", "a"], ["tags", Array(1000).fill("a")], ["tags", [""]], ["tags", [{}]], ["parent", 999], ["parent", "1"],
  ];
  const cases = bad.map(([field, value]) => [
    `${field}: ${JSON.stringify(value)?.slice(0, 60)}`,
    async () => {
      const { status, body } = await lab.json("POST", "/runs", { ...MOONS, [field]: value });
      assert.ok(body.errors.some((error) => error.field.startsWith(field) && error.message.length > 3), `${field}: ${JSON.stringify(body).slice(0, 300)}`);
      return status;
    },
    400,
  ]);
  const peak = () => Number(fs.readFileSync(`/proc/${lab.pid}/status`, "utf8").match(/VmHWM:\s*(\d+)/)[1]);
  const before = peak();
  console.log(`# ${await playCases(lab, cases)} configs`);
  assert.ok(peak() - before < 8192, "what is refused is not allocated first");
});

test("queries that try to be something else", { timeout: 60000 * slowness }, async () => {
  const hostile = ["'", '"', "';DROP TABLE runs;--", "1 OR 1=1", "id;--", "id DESC", "(SELECT 1)", "id,name", "\\", "\u202e", "%00", "../", "{{7*7}}", "${7*7}", "a".repeat(5000)];
  const cases = [];
  for (const value of hostile)
    for (const name of ["sort", "cursor", "limit", "state", "dataset", "fields", "sweep", "archived"]) {
      if (name === "dataset" || (name === "fields" && value === "id,name")) continue; // that may be asked
      cases.push([`${name}=${value.slice(0, 20)}`, async () => (await fetch(`${lab.url}/runs?${name}=${encodeURIComponent(value)}`)).status, 400]);
    }
  for (const query of ["limit=0", "limit=1001", "limit=-1", "limit=1.5", "limit=", "limit", "limit=1&limit=2", "nonsense=1", "sort=-", "sort=--id", "cursor=x"]) cases.push([query, async () => (await fetch(`${lab.url}/runs?${query}`)).status, 400]);
  console.log(`# ${await playCases(lab, cases)} queries`);
  const found = async (q) => (await lab.json("GET", `/runs?q=${encodeURIComponent(q)}`)).body.total;
  assert.deepEqual([await found("%"), await found("_"), await found("50%"), await found("f_a"), await found("5%f"), await found("'"), await found("\\")], [1, 1, 1, 1, 0, 0, 0], "LIKE's characters mean themselves");
});

test("a key that was used stands for its first request", async () => {
  const key = { "Idempotency-Key": "k1" };
  const first = await lab.json("POST", "/runs", { ...MOONS, epochs: 1 }, key);
  const again = await lab.json("POST", "/runs", { ...MOONS, epochs: 1 }, key);
  assert.deepEqual([first.status, again.body.id], [201, first.body.id]);
  const total = (await lab.json("GET", "/runs")).body.total;
  assert.equal((await lab.json("POST", "/runs", { ...MOONS, epochs: 2 }, key)).status, 409);
  for (const bad of ["", "x".repeat(1000)]) assert.equal((await lab.json("POST", "/runs", MOONS, { "Idempotency-Key": bad })).status, 400);
  assert.equal((await lab.json("GET", "/runs")).body.total, total);
});
