// What a daemon is asked to do while a call of its fails. Each scenario gives the answers
// that a client got; a run or sweep that it started has come to an end.
import { MOONS, openStream } from "../http/client.mjs";

const QUICK = { ...MOONS, epochs: 2, eval_every: 10 };
const SWEEP = { base: { ...MOONS, epochs: 1 }, space: { lr: { values: [0.1, 0.2] } }, parallel: 1 };
const TABLE = `x,y,kind\n${"1,2,a\n3,4,b\n".repeat(9)}`;
const PATIENCE_MS = 20000;
let broughtIn = 0;

/** One answer: its status (0: the connection broke) and its body. */
export const ask = (lab, method, path, body, headers) => send(method, path, () => lab.request(method, path, body, headers));

async function send(method, path, request) {
  try {
    const response = await request();
    const text = await response.text();
    const json = /json/.test(response.headers.get("content-type") ?? "");
    return { what: `${method} ${path.replace(/\d+/g, "N")}`, status: response.status, json, text, body: json && text ? JSON.parse(text) : null };
  } catch (error) {
    if (error instanceof SyntaxError) throw error; // an answer that is no JSON
    return { what: `${method} ${path.replace(/\d+/g, "N")}`, status: 0, json: false, text: "", body: null };
  }
}

/** Asks until a run or sweep has ended; errors on the way are not of interest here. */
async function untilEnded(lab, path, states) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const { status, body } = await ask(lab, "GET", path);
    if (status === 404) return null;
    if (status === 200 && states.includes(body.state)) return body;
    if (Date.now() > end) throw new Error(`${path} does not end: ${JSON.stringify(body)?.slice(0, 300)}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const ENDED = ["finished", "failed", "diverged", "stopped"];

/** A run that failed says why. */
function expectReason(run) {
  if (run?.state === "failed" && !run.error) throw new Error(`run ${run.id} does not say why it failed`);
}

/** Runs that a broken answer may have left are ended too: nothing is under way afterwards. */
async function endAll(lab) {
  const { body } = await ask(lab, "GET", "/runs?limit=1000");
  for (const run of body?.runs ?? []) {
    if (!ENDED.includes(run.state)) expectReason(await untilEnded(lab, `/runs/${run.id}`, [...ENDED, "paused"]));
  }
}

/** Once memory is back: nobody else stops a run that would go on for long. */
async function stopAll(lab) {
  const { body } = await ask(lab, "GET", "/runs?limit=1000");
  for (const { id, state } of body?.runs ?? [])
    if (!ENDED.includes(state)) {
      await ask(lab, "POST", `/runs/${id}/stop`, {});
      await untilEnded(lab, `/runs/${id}`, ENDED);
    }
}

/** What is there before: a run that finished, and a sweep. */
export async function prepare(lab) {
  const run = (await ask(lab, "POST", "/runs", { ...QUICK, name: "first" })).body.id;
  await untilEnded(lab, `/runs/${run}`, ENDED);
  const sweep = (await ask(lab, "POST", "/sweeps", { ...SWEEP, base: { ...SWEEP.base, target_accuracy: 0.6 } })).body.id;
  await untilEnded(lab, `/sweeps/${sweep}`, ["finished"]);
  return { run, sweep };
}

/** @type {Record<string, (lab: any, there: {run: number, sweep: number}) => Promise<object[]>>} */
export const scenarios = {
  "a run, from the request to its end": async (lab) => {
    const answer = await ask(lab, "POST", "/runs", QUICK);
    if (answer.status === 201) expectReason(await untilEnded(lab, `/runs/${answer.body.id}`, ENDED));
    await endAll(lab);
    return [answer];
  },
  "lists and a run's data": async (lab, { run }) => [
    await ask(lab, "GET", "/runs?sort=-test_accuracy&q=f"),
    await ask(lab, "GET", `/runs/${run}`),
    await ask(lab, "GET", `/runs/${run}/points?max=100`),
    await ask(lab, "GET", `/runs/${run}/points.csv`),
    await ask(lab, "GET", `/runs/${run}/steps`),
    await ask(lab, "GET", `/runs/${run}/layers`),
  ],
  "what the lab has": async (lab) => [await ask(lab, "GET", "/datasets/moons"), await ask(lab, "GET", "/datasets/moons/samples"), await ask(lab, "GET", "/presets"), await ask(lab, "GET", "/system"), await ask(lab, "GET", "/openapi.json"), await ask(lab, "GET", "/")],
  "the stream": async (lab, { run }) => {
    const stream = await openStream(lab.url).catch(() => null);
    const answer = await ask(lab, "PATCH", `/runs/${run}`, { notes: "heard" });
    await stream?.close();
    return [{ what: "GET /events", status: stream?.status ?? 0, json: false, text: "", body: null }, answer];
  },
  "words changed, a run deleted": async (lab, { run }) => {
    const made = await ask(lab, "POST", "/runs", { ...QUICK, epochs: 1 });
    const answers = [made, await ask(lab, "PATCH", `/runs/${run}`, { name: "first", tags: ["a", "b"], notes: "n" })];
    if (made.status !== 201) return answers;
    await untilEnded(lab, `/runs/${made.body.id}`, ENDED);
    return [...answers, await ask(lab, "DELETE", `/runs/${made.body.id}`)];
  },
  "a sweep, from the request to its end": async (lab) => {
    const answer = await ask(lab, "POST", "/sweeps", SWEEP);
    if (answer.status === 201) {
      await untilEnded(lab, `/sweeps/${answer.body.id}`, ["finished", "stopped"]);
      await ask(lab, "DELETE", `/sweeps/${answer.body.id}`);
    }
    await endAll(lab);
    return [answer];
  },
  "a sweep's analysis": async (lab, { sweep }) => [await ask(lab, "GET", `/sweeps/${sweep}/analysis`), await ask(lab, "GET", `/sweeps/${sweep}/runs.csv`), await ask(lab, "GET", `/sweeps/${sweep}/runs`)],
  "the model, and predictions": async (lab, { run }) => [await ask(lab, "GET", `/runs/${run}/model.safetensors`), await ask(lab, "POST", `/runs/${run}/predict`, { inputs: [[0, 1], [1, 0]] }), await ask(lab, "GET", `/runs/${run}/mistakes`)],
  "the doctor and the projection": async (lab, { run }) => [await ask(lab, "GET", `/runs/${run}/diagnosis`), await ask(lab, "GET", `/runs/${run}/projection`)],
  "a dataset, brought in and deleted": async (lab) => {
    const name = `own-${broughtIn++}`;
    const form = new FormData();
    form.append("name", name);
    form.append("train", new Blob([TABLE]), "table.csv");
    const answer = await send("POST", "/datasets", () => fetch(`${lab.url}/datasets`, { method: "POST", body: form }));
    return answer.status === 201 ? [answer, await ask(lab, "DELETE", `/datasets/${name}`)] : [answer];
  },
  "anatomy and lessons": async (lab) => [
    await ask(lab, "POST", "/anatomy", { kind: "expression", text: "d = a*b + c.tanh()" }),
    await ask(lab, "POST", "/anatomy/train", { dataset: "moons", hidden: [3], activation: "tanh", lr: 0.2, batch_size: 20, seed: 3, steps: 2 }),
  ],
  "stopped, paused, resumed": async (lab) => {
    const made = await ask(lab, "POST", "/runs", { ...MOONS, epochs: 100000, eval_every: 1000 });
    if (made.status !== 201) {
      await stopAll(lab);
      return [made];
    }
    const run = `/runs/${made.body.id}`;
    const answers = [made];
    for (const [verb, states] of [["pause", ["paused", ...ENDED]], ["resume", ["running", ...ENDED]], ["stop", ENDED]]) {
      const answer = await ask(lab, "POST", `${run}/${verb}`, {});
      answers.push(answer);
      if (answer.status === 0 || answer.status >= 300) break;
      expectReason(await untilEnded(lab, run, states));
    }
    await stopAll(lab);
    return answers;
  },
};

/** After a round without faults: whatever still goes on is ended. */
export async function cleanUp(lab, { run }) {
  await stopAll(lab);
  for (const { name, uploaded } of (await ask(lab, "GET", "/datasets")).body.datasets) if (uploaded) await ask(lab, "DELETE", `/datasets/${name}`);
  for (const { id } of (await ask(lab, "GET", "/runs?limit=1000")).body.runs) if (id > run + 2) await ask(lab, "DELETE", `/runs/${id}`);
}
