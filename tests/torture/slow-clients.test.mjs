// Clients that take their time: with headers, with bodies, with reading. However many
// there are, a real request is served soon, and what they held is free again.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import { after, before, test } from "node:test";
import { openStream, startLab, until } from "../http/client.mjs";
import { full, report, times } from "./torture.mjs";

const SLOW = times(600, 1000); // more than there are places, in either form
const STORMS = times(1000, 10000);
const UNREAD = times(100, 1000);
const PROMISED_MS = 6000;
let lab, run;

before(async () => {
  lab = await startLab();
  const config = { dataset: "moons", hidden: [700, 700], epochs: 1, batch_size: 100, train_samples: 200 };
  run = (await lab.launch(config)).id;
  await lab.waitFor(run, "finished");
});
after(() => lab.end());

const descriptors = () => fs.readdirSync(`/proc/${lab.pid}/fd`).length;
const memoryMiB = () => Number(fs.readFileSync(`/proc/${lab.pid}/status`, "utf8").match(/VmRSS:\s*(\d+)/)[1]) / 1024;

/** Connects, sends `first` and then a byte now and then; reads only if told to. */
function connectSlowly(first, { drip = null, read = true } = {}) {
  return new Promise((resolve) => {
    const socket = net.connect(lab.port, "127.0.0.1", () => {
      socket.write(first);
      if (drip) socket.timer = setInterval(() => socket.write(drip), 500);
      resolve(socket);
    });
    if (read) socket.resume();
    else socket.pause();
    socket.on("error", () => resolve(socket));
    socket.on("close", () => clearInterval(socket.timer));
  });
}

function end(sockets) {
  for (const socket of sockets) socket.destroy();
  return until(() => sockets.every(({ closed }) => closed), "all clients to be gone");
}

/** A request on a connection of its own: its status, and how long it took. */
function ask(path) {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.get(lab.url + path, { agent: false }, (response) => {
      response.resume();
      response.on("end", () => resolve({ status: response.statusCode, took: performance.now() - begun }));
    });
    request.on("error", reject);
  });
}

const host = () => `Host: localhost:${lab.port}\r\n`;
const kinds = {
  readers: () => connectSlowly(`GET /runs/${run}/model.safetensors HTTP/1.1\r\n${host()}\r\n`.repeat(6), { read: false }),
  headers: () => connectSlowly(`GET /runs HTTP/1.1\r\n${host()}X-Slow: `, { drip: "x" }),
  bodies: () => connectSlowly(`POST /runs HTTP/1.1\r\n${host()}Content-Type: application/json\r\nContent-Length: 9999\r\n\r\n{`, { drip: " " }),
  "silent connections": () => connectSlowly(""),
};

const lines = [];
for (const [kind, connect] of Object.entries(kinds).slice(0, times(1, 4)))
  test(`${SLOW} slow ${kind} keep nobody out`, { timeout: 120000 }, async () => {
    const before = (await lab.json("GET", "/runs")).body.total;
    const begun = Promise.all(Array.from({ length: SLOW }, connect));
    await Promise.race([begun, new Promise((resolve) => setTimeout(resolve, 500))]);
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await ask("/runs"));
    const slowest = Math.max(...answers.map(({ took }) => took));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    if (full) assert.ok(slowest < PROMISED_MS, `took ${slowest} ms`);
    lines.push(`${SLOW} slow ${kind}: a real request took at most ${Math.round(slowest)} ms (promised: ${PROMISED_MS})`);
    await end(await begun);
    assert.equal((await lab.json("GET", "/runs")).body.total, before, "they launched nothing");
  });

const subscribers = async () => (await lab.json("GET", "/system")).body.events.subscribers;

test(`${STORMS} streams come and go`, { timeout: 300000 }, async () => {
  await until(async () => (await subscribers()) === 0, "no stream");
  const [files, memory] = [descriptors(), memoryMiB()];
  let opened = 0;
  for (let done = 0; done < STORMS; done += 50) {
    const streams = await Promise.all(Array.from({ length: 50 }, () => openStream(lab.url).catch(() => null)));
    opened += streams.filter((stream) => stream?.status === 200).length;
    await Promise.all(streams.map((stream) => stream?.close()));
  }
  assert.ok(opened > 0);
  const begun = performance.now();
  await until(async () => (await subscribers()) === 0, "all streams to be forgotten");
  await until(() => descriptors() <= files + 4, "all descriptors to be closed");
  const took = (performance.now() - begun) / 1000;
  if (full) assert.ok(took < 30, `took ${took} s`);
  const stream = await openStream(lab.url);
  assert.equal(stream.status, 200);
  await stream.close();
  lines.push(`${STORMS} streams opened and cut off (${opened} were given a place): all places free ${took.toFixed(1)} s later (promised: 30), memory ${memory.toFixed(0)} MiB before, ${memoryMiB().toFixed(0)} MiB after`);
});

test(`${UNREAD} streams that nobody reads give their places back`, { timeout: 300000 }, async () => {
  const sockets = await Promise.all(Array.from({ length: UNREAD }, () => connectSlowly(`GET /events HTTP/1.1\r\n${host()}\r\n`, { read: false })));
  assert.equal((await ask("/version")).status, 200);
  const begun = performance.now();
  await end(sockets);
  await until(async () => (await subscribers()) === 0, "all streams to be forgotten");
  const took = (performance.now() - begun) / 1000;
  if (full) assert.ok(took < 30, `took ${took} s`);
  lines.push(`${UNREAD} streams that nobody read, cut off: all places free ${took.toFixed(1)} s later (promised: 30)`);
  report("Slow clients", lines);
});
