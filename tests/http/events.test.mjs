// The live stream: order, ids, taking up again, gaps, slow readers.
import assert from "node:assert/strict";
import net from "node:net";
import { after, before, test } from "node:test";
import { LONG, MOONS, openStream, startLab, until, slowness } from "./client.mjs";

let lab;
before(async () => (lab = await startLab()));
after(() => lab.end());

const pointsOf = (stream, id) =>
  stream.events.filter((event) => event.event === "point" && event.data.run === id).map((event) => event.data.point);

test("sends each point once, in order, as the list has it", async () => {
  const stream = await openStream(lab.url);
  assert.equal(stream.headers["content-type"], "text/event-stream");
  const run = await lab.launch({ ...MOONS, epochs: 30 });
  await lab.waitFor(run.id, "finished");
  await until(() => pointsOf(stream, run.id).length === 30, "30 points");
  assert.deepEqual(pointsOf(stream, run.id), await lab.points(run.id));
  const states = stream.events.filter((event) => event.event === "run" && event.data.run.id === run.id).map((event) => event.data.run.state);
  assert.equal(states[0], "queued");
  await until(() => stream.events.some((event) => event.data.run?.state === "finished"), "the end");
  const numbers = stream.events.map((event) => Number(event.id.split("-")[1]));
  assert.deepEqual(numbers, numbers.map((_, i) => numbers[0] + i), "ids count up by one");
  await stream.close();
});

test("goes on behind Last-Event-ID; an unknown id gives a gap", async () => {
  const first = await openStream(lab.url);
  const run = await lab.launch({ ...MOONS, epochs: 5 });
  await lab.waitFor(run.id, "finished");
  await until(() => first.events.some((event) => event.data.run?.state === "finished"), "the end");
  await first.close();
  const seen = first.events[1];
  const second = await openStream(lab.url, { "Last-Event-ID": seen.id });
  await until(() => second.events.length === first.events.length - 2, "the rest");
  assert.deepEqual(second.events.map((event) => event.id), first.events.slice(2).map((event) => event.id));
  await second.close();
  for (const id of ["nonsense", "1-1", seen.id.replace(/^./, "0")]) {
    const stream = await openStream(lab.url, { "Last-Event-ID": id });
    await until(() => stream.events[0]?.event === "gap", "a gap");
    await stream.close();
  }
});

test("deleting is told", async () => {
  const stream = await openStream(lab.url);
  const run = await lab.launch(MOONS);
  await lab.waitFor(run.id, "finished");
  await lab.json("DELETE", `/runs/${run.id}`);
  await until(() => stream.events.some((event) => event.data.run?.deleted && event.data.run.id === run.id), "the deletion");
  await stream.close();
});

test("a reader that does not read disturbs nobody", async () => {
  const stuck = net.connect(lab.port, "127.0.0.1");
  stuck.write(`GET /events HTTP/1.1\r\nHost: localhost:${lab.port}\r\n\r\n`);
  stuck.pause();
  const run = await lab.launch({ ...LONG, epochs: 3000, eval_every: 20 });
  const stream = await openStream(lab.url);
  await lab.waitFor(run.id, "finished");
  await until(() => stream.events.some((event) => event.data.run?.state === "finished"), "the end");
  assert.equal((await lab.points(run.id)).length, 3000);
  stuck.destroy();
  await stream.close();
});

test("is quiet for at most 15 s", { timeout: 30000 * slowness }, async () => {
  const stream = await openStream(lab.url);
  await until(() => stream.comments.length > 0, "a heartbeat");
  await stream.close();
});

test("at most 64 streams; closing makes room", async () => {
  const streams = [];
  for (let i = 0; i < 64; i++) streams.push(await openStream(lab.url));
  const one = await openStream(lab.url);
  assert.equal(one.status, 503);
  await one.close();
  await Promise.all(streams.map((stream) => stream.close()));
  await until(async () => {
    const stream = await openStream(lab.url);
    await stream.close();
    return stream.status === 200;
  }, "room");
});

test("the daemon ends within 3 s with a stream open and a run live", async () => {
  const other = await startLab();
  const stream = await openStream(other.url);
  const run = await other.launch(LONG);
  await other.waitFor(run.id, "running");
  const start = Date.now();
  assert.equal(await other.end(), 0);
  assert.ok(Date.now() - start < 3000 * slowness);
  await until(() => stream.ended, "the stream's end");
});
