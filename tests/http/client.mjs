// What the HTTP tests share: a daemon with a client, raw sockets, a reader of the stream.
import http from "node:http";
import net from "node:net";
import { makeFolder, removeFolder, startDaemon } from "../web/daemon.mjs";

export const JSON_TYPE = { "Content-Type": "application/json" };
/** How much slower than usual the daemon may be: under valgrind, say. */
export const slowness = Number(process.env.SLOWNESS ?? 1);
const WAIT_MS = 60000 * slowness;
/** Why what trains on the whole of MNIST, again and again, is left out where it takes hours. */
export const takesHours = slowness >= 40 && "trains on the whole of MNIST many times";

/** Asks again until `look` gives something true, for at most a minute. */
export async function until(look, what) {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A daemon in a folder of its own, with short ways to talk to it. */
export async function startLab(options = {}) {
  const folder = options.folder ?? makeFolder();
  const daemon = await startDaemon({ ...options, folder });
  const request = (method, path, body, headers = {}) =>
    fetch(daemon.url + path, {
      method,
      headers: method === "GET" || method === "DELETE" ? headers : { ...JSON_TYPE, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const json = async (method, path, body, headers) => {
    const response = await request(method, path, body, headers);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null };
  };
  /** The parts that are files by their content, the others as texts. */
  const upload = async (parts) => {
    const form = new FormData();
    for (const [name, part] of Object.entries(parts))
      if (/^(train|test)(_labels)?$/.test(name)) form.append(name, new Blob([part]), "file");
      else form.append(name, part);
    const response = await fetch(`${daemon.url}/datasets`, { method: "POST", body: form });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const launch = async (config) => (await json("POST", "/runs", config)).body;
  const run = async (id) => (await json("GET", `/runs/${id}`)).body;
  const waitFor = (id, states) =>
    until(async () => {
      const found = await run(id);
      return [states].flat().includes(found.state) && found;
    }, `run ${id} to be ${states}`);
  const points = async (id) => (await json("GET", `/runs/${id}/points`)).body.points;
  const end = async () => {
    const code = await daemon.stop();
    if (!options.folder) removeFolder(folder);
    return code;
  };
  return { ...daemon, folder, request, json, upload, launch, run, waitFor, points, end };
}

/** Sends bytes as they are and gives all that comes back until the other side closes. */
export function rawExchange(port, text, { keepOpen = false } = {}) {
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = net.connect(port, "127.0.0.1", () => {
      socket.write(text);
      if (!keepOpen) socket.end();
    });
    socket.setEncoding("latin1");
    socket.on("data", (data) => (received += data));
    socket.on("close", () => resolve(received));
    socket.on("error", (error) => (received ? resolve(received) : reject(error)));
  });
}

/** The status of the first answer in what `rawExchange` gave. */
export const statusOf = (answer) => Number(answer.match(/^HTTP\/1\.1 (\d+)/)?.[1] ?? 0);

/** Keeps each whole block of the stream; gives back what is left of the text. */
function takeBlocks(stream, text, hear) {
  const blocks = text.split("\n\n");
  const rest = blocks.pop();
  for (const block of blocks) {
    const event = {};
    for (const line of block.split("\n")) {
      if (line.startsWith(":")) stream.comments.push(line);
      const [, name, value] = line.match(/^(\w+): ?(.*)$/) ?? [];
      if (name) event[name] = value;
    }
    if (!event.event) continue;
    stream.events.push({ ...event, data: JSON.parse(event.data), text: event.data });
    hear(stream.events.at(-1));
  }
  return rest;
}

/** Reads Server-Sent Events into `events` ({id, event, data, text}) until `close`; `hear` is told of each as it comes. */
export function openStream(url, headers = {}, hear = () => {}) {
  return new Promise((resolve, reject) => {
    const request = http.get(`${url}/events`, { headers, agent: false }, (response) => {
      const stream = { status: response.statusCode, headers: response.headers, events: [], comments: [], ended: false };
      let rest = "";
      const closed = new Promise((done) => response.once("close", done));
      closed.then(() => (stream.ended = true));
      response.setEncoding("utf8");
      response.on("data", (text) => (rest = takeBlocks(stream, rest + text, hear)));
      response.on("error", () => {}); // cut off: `close` follows
      stream.close = () => {
        request.destroy();
        return closed;
      };
      resolve(stream);
    });
    request.on("error", reject);
  });
}

/** A small, quick run on points in the plane; `more` epochs make it last. */
export const MOONS = { dataset: "moons", hidden: [8], epochs: 3, batch_size: 50 };
export const LONG = { ...MOONS, epochs: 100000, eval_every: 1000 };
