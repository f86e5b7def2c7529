// A process of its own that plays many open pages: streams that read every event, and
// requests at a steady rate. Forked by soak.test.mjs, which says what to do:
//
//   {do: "open", url, run, streams, rate, paths}   answered once all streams stand
//   {do: "close", least}    answered with what was seen, once all streams have had the same
//                           points, `least` of them or more, and are closed
//
// The points of `run` that any stream brings are one list, made by whichever is first; each
// stream must then go through that list step by step, from where it was opened.
import http from "node:http";
import { until } from "../http/client.mjs";

const POINT = /"run":(\d+).*?"step":(\d+).*?"wall_time":"([^"]+)"/;
const now = () => performance.timeOrigin + performance.now();

let load;

/** The moment of each time is kept as a number of milliseconds since 1970. */
function newLoad({ url, run, rate, paths }) {
  return {
    url, run, rate, paths,
    streams: [], steps: [], places: new Map(), times: [], first: [],
    sinceMeasured: [], sinceFirst: [], answers: [], wrong: [], events: 0,
    agent: new http.Agent({ keepAlive: true }), asked: 0, waiting: 0,
  };
}

/** A stream's next point: the one behind its last in the list that all share. */
function takePoint(stream, step, measured) {
  const at = now();
  if (!load.places.has(step)) {
    load.places.set(step, load.steps.length);
    load.steps.push(step);
    load.first.push(at);
  }
  const place = load.places.get(step);
  const expected = stream.next ?? place;
  if (place !== expected || (stream.next === null && place > stream.known))
    load.wrong.push(`step ${step} is point ${place}, not ${stream.next ?? stream.known}`);
  stream.next = place + 1;
  load.sinceMeasured.push(at - Date.parse(measured));
  load.sinceFirst.push(at - load.first[place]);
}

function takeBlock(stream, block) {
  if (!block.includes("\nevent: ")) return;
  load.events++;
  if (block.includes("\nevent: gap")) load.wrong.push("a gap");
  if (!block.includes("\nevent: point")) return;
  const [, run, step, measured] = block.match(POINT);
  if (Number(run) === load.run) takePoint(stream, Number(step), measured);
}

function openStream() {
  return new Promise((resolve, reject) => {
    const request = http.get(`${load.url}/events`, { agent: false }, (response) => {
      // What any stream has had by now this one may miss, but nothing that comes later.
      const stream = { known: load.steps.length, next: null, ended: false };
      let rest = "";
      const closed = new Promise((done) => response.once("close", done));
      closed.then(() => (stream.ended = true));
      stream.close = () => {
        request.destroy();
        return closed;
      };
      response.setEncoding("utf8");
      response.on("error", () => {});
      response.on("data", (text) => {
        const blocks = (rest + text).split("\n\n");
        rest = blocks.pop();
        for (const block of blocks) takeBlock(stream, block);
      });
      if (response.statusCode !== 200) load.wrong.push(`a stream: ${response.statusCode}`);
      resolve(stream);
    });
    request.on("error", reject);
  });
}

/** `{last}` in a path is the newest step that has come. */
function ask() {
  const path = load.paths[load.asked++ % load.paths.length];
  const begun = now();
  load.waiting++;
  const done = (status) => {
    load.waiting--;
    load.answers.push([path, status, now() - begun]);
  };
  const asked = path.replace("{last}", String(load.steps.at(-1) ?? 0));
  const request = http.get(load.url + asked, { agent: load.agent }, (response) => {
    response.resume();
    response.on("end", () => done(response.statusCode));
    response.on("error", () => done("cut off"));
  });
  request.on("error", (error) => done(error.code));
}

async function open(message) {
  load = newLoad(message);
  load.streams = await Promise.all(Array.from({ length: message.streams }, openStream));
  load.timer = setInterval(ask, 1000 / load.rate);
}

/** Goes on until every stream has had the same points, `least` of them at least. */
async function close({ least }) {
  await until(() => load.steps.length >= least, `${least} points`);
  clearInterval(load.timer);
  await until(() => load.waiting === 0, "all answers");
  load.agent.destroy();
  const isLevel = ({ next }) => next === load.steps.length;
  await until(() => load.wrong.length > 0 || load.streams.every(isLevel), "all streams to be level");
  if (load.streams.some(({ ended }) => ended)) load.wrong.push("a stream ended by itself");
  const { steps, sinceMeasured, sinceFirst, answers, events, wrong } = load;
  const seen = { steps, sinceMeasured, sinceFirst, answers, events, wrong };
  await Promise.all(load.streams.map((stream) => stream.close()));
  return seen;
}

process.on("disconnect", () => process.exit());
process.on("message", async (message) => {
  try {
    process.send({ answer: message.do === "open" ? await open(message) : await close(message) });
  } catch (error) {
    process.send({ error: String(error) });
  }
});
