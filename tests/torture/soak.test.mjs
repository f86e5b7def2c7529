// Many open pages for a long time: what they cost the training, how soon they are answered,
// and that nothing grows. The full form (SOAK_SECONDS, 600 if not said) trains MNIST while
// loaded and quiet phases take turns, so that a machine that drifts drifts for both.
import assert from "node:assert/strict";
import { execFileSync, fork } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { JSON_TYPE, LONG, MOONS, startLab, until } from "../http/client.mjs";
import { full, median, quantile, report, times } from "./torture.mjs";

const SECONDS = Number(process.env.SOAK_SECONDS ?? 600);
const STREAMS = 50;
const RATE = 50;
const PHASE_S = 10;
const ROUNDS = times(2, Math.max(2, Math.round(SECONDS / (2 * PHASE_S))));
const STORED = times(40, 200);
const PROMISED = { slower: 0.03, answerMs: 20, lagMs: 100 };
/** The events that are kept for streams that come back take up to 8 of these. */
const GROWTH_MIB = 16;
/** Eight readers and the writer, with a log and an index each at most. */
const STORE_FILES = 32;

let lab, clients, idle;

before(async () => {
  lab = await startLab({ args: ["--workers", "1"] });
  idle = descriptors().others; // nobody has connected yet
  clients = fork(fileURLToPath(new URL("load.mjs", import.meta.url)));
});
after(async () => {
  clients.kill();
  await lab.end();
});

/** Tells the clients' process something and gives its answer. */
function tell(message) {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error("the clients' process has ended"));
    clients.once("exit", gone);
    clients.once("message", ({ answer, error }) => {
      clients.off("exit", gone);
      if (error) reject(new Error(error));
      else resolve(answer);
    });
    clients.send(message);
  });
}

/** A request on a connection of its own, which is gone with the answer: descriptors are
 * counted here. */
function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body ? JSON_TYPE : {};
    const request = http.request(lab.url + path, { method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (more) => (text += more));
      response.on("end", () => resolve(JSON.parse(text)));
    });
    request.on("error", reject);
    request.end(body && JSON.stringify(body));
  });
}

const launch = async (config) => (await call("POST", "/runs", config)).id;
const reaches = (id, state) => until(async () => {
  const run = await call("GET", `/runs/${id}`);
  return run.state === state && run;
}, `run ${id} to be ${state}`);

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
const now = () => performance.timeOrigin + performance.now();

// --- what the machine gives -----------------------------------------------------------

const cores = () => {
  const [, list] = fs.readFileSync("/proc/self/status", "utf8").match(/Cpus_allowed_list:\s*(\S+)/);
  return list.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
};

/** CPU seconds of a process, or of one of its threads. */
const used = (process, thread) => {
  const file = thread ? `/proc/${process}/task/${thread}/stat` : `/proc/${process}/stat`;
  const fields = fs.readFileSync(file, "utf8").split(") ").pop().split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

/** The daemon's thread that trains: by far the busiest. */
const trainer = () => fs.readdirSync(`/proc/${lab.pid}/task`).sort((a, b) => used(lab.pid, b) - used(lab.pid, a))[0];

/** What serving has used so far: all of the daemon but its training, and the clients. */
const serving = (thread) => ({ daemon: used(lab.pid) - used(lab.pid, thread), clients: used(clients.pid) });

/** Gives the training thread a core of its own, and all other threads and clients the
 * others. Says what it did. */
function pin(thread) {
  const all = cores();
  if (all.length < 2) return "on the machine's one core";
  const [own, ...others] = all;
  const set = (what, where, id) => execFileSync("taskset", [what, String(where), String(id)], { stdio: "ignore" });
  for (const process of [lab.pid, clients.pid, globalThis.process.pid]) set("-acp", others, process);
  set("-cp", own, thread);
  return "the training thread on a core of its own, all other threads of the daemon and all clients on the rest";
}

const memoryMiB = () => Number(fs.readFileSync(`/proc/${lab.pid}/status`, "utf8").match(/VmRSS:\s*(\d+)/)[1]) / 1024;

/** Open descriptors: those of the store, of which the daemon keeps some ready, and others.
 * Files of checkpoints come and go. */
function descriptors() {
  const folder = `/proc/${lab.pid}/fd`;
  const links = fs.readdirSync(folder).map((name) => {
    try {
      return fs.readlinkSync(`${folder}/${name}`);
    } catch {
      return lab.folder; // closed since
    }
  });
  const others = links.filter((link) => !link.startsWith(lab.folder)).length;
  return { others, store: links.filter((link) => link.includes("sweetspot.db")).length };
}

// --- phases ---------------------------------------------------------------------------

const paths = (run) => [
  "/runs?limit=50",
  `/runs/${run}`,
  `/runs/${run}/points?since_step={last}`,
  "/system",
  "/runs?limit=50&sort=-best_test_accuracy",
  `/runs/${run}/points?max=2000`,
  "/healthz",
  `/runs/${run}/layers?since_step={last}`,
  "/runs?limit=50&state=finished&q=1",
  `/runs/${STORED >> 1}`,
];

const pointsSince = async (run, step) => (await call("GET", `/runs/${run}/points?since_step=${step}`)).points;

/** Samples a second between the first and the last point measured in a stretch of time. */
function rates(points, from, to) {
  const within = points.filter(({ wall_time: at }) => Date.parse(at) >= from && Date.parse(at) <= to);
  assert.ok(within.length >= 3, `${within.length} points in a phase`);
  const [first, last] = [within[0], within.at(-1)];
  const samples = last.samples - first.samples;
  return {
    wall: samples / ((Date.parse(last.wall_time) - Date.parse(first.wall_time)) / 1000),
    train: samples / (last.train_seconds - first.train_seconds),
    cpu: samples / (last.cpu_seconds - first.cpu_seconds),
  };
}

/** @param {{id: number, last: number}} run `last`: step up to which its points were looked at */
async function quietPhase(run, seconds) {
  const from = now();
  await pause(seconds);
  const to = now();
  return rates(await pointsSince(run.id, run.last), from, to);
}

/** All streams and requests for a while; checks what is not a matter of time. */
async function loadedPhase(run, { seconds = 0, least = 1 }) {
  await tell({ do: "open", url: lab.url, run: run.id, streams: STREAMS, rate: RATE, paths: paths(run.id) });
  const from = now();
  await pause(seconds);
  const to = now();
  const seen = await tell({ do: "close", least });
  assert.deepEqual(seen.wrong, []);
  const odd = seen.answers.filter(([, status]) => status !== 200);
  assert.deepEqual(odd, [], "all answers are 200");
  const stored = await pointsSince(run.id, run.last);
  const { steps } = seen;
  const through = stored.map(({ step }) => step).filter((step) => step >= steps[0] && step <= steps.at(-1));
  assert.deepEqual(steps, through, "the stream brings what is stored, once and in order");
  await until(() => descriptors().others === idle, `descriptors to be ${idle} again`);
  assert.ok(descriptors().store <= STORE_FILES, `${descriptors().store} descriptors of the store`);
  run.last = steps.at(-1);
  return { seen, rates: seconds ? rates(stored, from, to) : null, memory: memoryMiB() };
}

const stopRun = async (run) => {
  await call("POST", `/runs/${run.id}/stop`, {});
  await reaches(run.id, "stopped");
};

/** Lists have something to list. */
async function fillStore() {
  let last;
  for (let i = 0; i < STORED; i++) last = await launch({ ...MOONS, name: `stored ${i}`, epochs: 2 });
  await reaches(last, "finished");
}

// --- the short form -------------------------------------------------------------------

test("every point reaches every stream once, and nothing is left open", { skip: full, timeout: 120000 }, async () => {
  await fillStore();
  const run = { id: await launch({ ...LONG, eval_every: 3000 }), last: -1 };
  const phases = [];
  for (let i = 0; i < ROUNDS; i++) phases.push(await loadedPhase(run, { least: 20 }));
  await stopRun(run);
  const grown = phases.at(-1).memory - phases[0].memory;
  assert.ok(grown < GROWTH_MIB, `grew by ${grown} MiB`);
});

// --- the full form --------------------------------------------------------------------

const MNIST = { dataset: "mnist", hidden: [128], batch_size: 32, lr: 0.01 };

/** A long run with a point every so many seconds of training. The most epochs that there may
 * be last three hours and more. */
async function launchLong(speed, interval) {
  const every = Math.round((speed * interval) / MNIST.batch_size);
  return { id: await launch({ ...MNIST, epochs: 100000, eval_every: every }), last: -1 };
}

async function measureSpeed() {
  const id = await launch({ ...MNIST, epochs: 5 });
  return (await reaches(id, "finished")).summary.samples_per_second;
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const ms = (value) => `${value.toFixed(1)} ms`;

/** How much longer a sample took in each loaded phase than in the quiet ones around it. */
const slowdowns = (quiet, loaded, clock) => loaded.map((phase, i) => (quiet[i][clock] + quiet[i + 1][clock]) / 2 / phase.rates[clock] - 1);

function describeSlowdown(quiet, loaded) {
  const [wall, train, cpu] = ["wall", "train", "cpu"].map((clock) => slowdowns(quiet, loaded, clock));
  const text =
    `${loaded.length} times ${PHASE_S} s with ${STREAMS} streams and ${RATE} requests a second, each between two quiet phases as long: ` +
    `training took ${percent(median(wall))} more by the wall clock (median; middle half ${percent(quantile(wall, 0.25))} to ${percent(quantile(wall, 0.75))}; promised: ${percent(PROMISED.slower)}), ` +
    `${percent(median(train))} by its training seconds, ${percent(median(cpu))} by the CPU seconds of its thread`;
  return { slower: median(wall), text };
}

function describeAnswers(phases) {
  const answers = phases.flatMap(({ seen }) => seen.answers);
  const took = answers.map(([, , time]) => time);
  const kinds = new Map(answers.map(([path]) => [path, []]));
  for (const [path, , time] of answers) kinds.get(path).push(time);
  const each = [...kinds].map(([path, list]) => `${path} ${quantile(list, 0.99).toFixed(1)}`);
  const p99 = quantile(took, 0.99);
  const text = `${answers.length} requests, all answered 200: median ${ms(median(took))}, 99 % within ${ms(p99)} (promised: ${PROMISED.answerMs}), slowest ${ms(quantile(took, 1))}; 99 % by kind: ${each.join(", ")}`;
  return { p99, text };
}

function describeLag(phases, interval) {
  const all = (key) => phases.flatMap(({ seen }) => seen[key]);
  const [measured, first] = [all("sinceMeasured"), all("sinceFirst")];
  const p99 = quantile(measured, 0.99);
  const text = `a point every ${interval} s, ${measured.length} received, each once and in order on each stream: from the moment it was measured (checkpoint, fsync and commit come before it is sent) median ${ms(median(measured))}, 99 % within ${ms(p99)}; from the first of the ${STREAMS} streams that has it to the others 99 % within ${ms(quantile(first, 0.99))}`;
  return { p99, text };
}

test(`a soak of ${SECONDS} s`, { skip: !full, timeout: (SECONDS + 600) * 2000 }, async () => {
  const load = os.loadavg()[0].toFixed(2);
  await fillStore();
  const speed = await measureSpeed();
  const thread = trainer();
  const pinned = pin(thread);
  const run = await launchLong(speed, 0.4);
  await loadedPhase(run, { seconds: 5 }); // warms up: readers, threads, the page cache
  const memory = memoryMiB();
  const quiet = [await quietPhase(run, PHASE_S)];
  const loaded = [];
  const spent = [];
  for (let i = 0; i < ROUNDS; i++) {
    const begun = serving(thread);
    loaded.push(await loadedPhase(run, { seconds: PHASE_S }));
    const ended = serving(thread);
    spent.push({ daemon: ended.daemon - begun.daemon, clients: ended.clients - begun.clients });
    quiet.push(await quietPhase(run, PHASE_S));
  }
  await stopRun(run);
  const often = await launchLong(speed, 0.05);
  const dense = [await loadedPhase(often, { seconds: PHASE_S })];
  await stopRun(often);

  const slow = describeSlowdown(quiet, loaded);
  const answers = describeAnswers(loaded);
  const lag = describeLag(loaded, 0.4);
  const end = memoryMiB();
  const share = (who) => percent(median(spent.map((each) => each[who])) / PHASE_S);
  report("Soak", [
    `MNIST, 784-128-10, batch 32, one worker: ${pinned}; ${STORED} other runs in the store; load of the machine when it began ${load}`,
    slow.text,
    `meanwhile each stream had ${(median(loaded.map(({ seen }) => seen.events)) / STREAMS / PHASE_S).toFixed(1)} events a second, the daemon's other threads used ${share("daemon")} of a core and the clients ${share("clients")} (median)`,
    answers.text,
    `${lag.text} (promised: ${PROMISED.lagMs} from its measurement, where points are further apart than the 0.25 s between two rounds of recording)`,
    `${describeLag(dense, 0.05).text}: several wait for one round`,
    `memory ${memory.toFixed(1)} MiB after a first phase, ${end.toFixed(1)} MiB at the end (allowed: ${GROWTH_MIB} more, half of it the events that are kept); ${idle} descriptors besides the store's before the first client and after each phase`,
  ]);
  assert.ok(slow.slower <= PROMISED.slower, slow.text);
  assert.ok(answers.p99 <= PROMISED.answerMs, answers.text);
  assert.ok(lag.p99 <= PROMISED.lagMs, lag.text);
  assert.ok(end - memory < GROWTH_MIB, `grew from ${memory} to ${end} MiB`);
});
