// The REST API: the only place that fetches.
import { safeDataset, safeMistakes, safeText } from "./logic/names.js";

/** `position`: the character of a text that is wrong
 * @typedef {{field: string, message: string, position?: number}} FieldError */

/** What went wrong, in words for a person. `status` 0: the server did not answer. */
export class ApiError extends Error {
  /** @param {number} status @param {string} message @param {FieldError[]} [errors] */
  constructor(status, message, errors = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** @type {Set<() => void>} */
const unauthorised = new Set();

/** Calls back whenever the server asks for a token. @param {() => void} callback */
export function onUnauthorised(callback) {
  unauthorised.add(callback);
}

/** @param {number} status @param {any} problem what the server sent with it */
function problemOf(status, problem) {
  if (status === 401) for (const callback of unauthorised) callback();
  const text = problem?.detail || problem?.title || `The server answered ${status}.`;
  const errors = (problem?.errors ?? []).map((/** @type {FieldError} */ error) => ({
    ...error,
    message: safeText(error.message),
  }));
  return new ApiError(status, safeText(text), errors);
}

/** @param {Response} response */
const readProblem = async (response) =>
  problemOf(response.status, await response.json().catch(() => null));

/**
 * @param {string} method @param {string} path @param {unknown} [body]
 * @param {{headers?: Record<string, string>, keepalive?: boolean}} [options]
 * @returns {Promise<any>}
 */
async function request(method, path, body, options = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", ...options.headers };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await send(path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    keepalive: options.keepalive,
  });
  return response.status === 204 ? null : response.json().catch(() => null);
}

/** @param {string} path @param {RequestInit} [init] @returns {Promise<Response>} */
async function send(path, init) {
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError(0, "The server does not answer.");
  }
  if (!response.ok) throw await readProblem(response);
  return response;
}

/** @param {Record<string, unknown>} query */
function search(query) {
  const used = Object.entries(query).filter(
    ([, v]) => v !== undefined && v !== null && v !== "",
  );
  const text = new URLSearchParams(used.map(([name, v]) => [name, String(v)])).toString();
  return text ? `?${text}` : "";
}

/** One launch pressed twice, or sent again, stays one run. */
function idempotencyKey() {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return [...words].map((word) => word.toString(16).padStart(8, "0")).join("");
}

/** @param {Record<string, unknown>} query
 * @returns {Promise<{runs: Run[], next_cursor: string | null, total?: number}>} */
export const listRuns = (query) => request("GET", `/runs${search(query)}`);

/** @param {number} id @returns {Promise<Run>} */
export const getRun = (id) => request("GET", `/runs/${id}`);

/** @param {Record<string, unknown>} body @returns {Promise<Run>} */
export function createRun(body) {
  const headers = { "Idempotency-Key": idempotencyKey() };
  return request("POST", "/runs", body, { headers });
}

/** @param {number} id @param {Record<string, unknown>} changes @returns {Promise<Run>} */
export const patchRun = (id, changes) => request("PATCH", `/runs/${id}`, changes);

/** `keepalive`: also while the page closes. @param {number} id @param {boolean} [keepalive] */
export const deleteRun = (id, keepalive = false) =>
  request("DELETE", `/runs/${id}`, undefined, { keepalive });

/** @param {number} id @param {string} action stop, pause or resume */
export const actOnRun = (id, action) => request("POST", `/runs/${id}/${action}`, {});

/** @param {number} id @param {number} since last step the page has, -1: none
 * @param {number} [max] thin out to about so many @returns {Promise<Point[]>} */
export async function getPoints(id, since, max) {
  const query = { since_step: since >= 0 ? since : undefined, max };
  return (await request("GET", `/runs/${id}/points${search(query)}`)).points;
}

/** The weights as a safetensors file. @param {number} id @returns {Promise<ArrayBuffer>} */
export const getModel = async (id) =>
  (await send(`/runs/${id}/model.safetensors`)).arrayBuffer();

/** @param {number} id @param {number} since last step the page has, -1: none
 * @returns {Promise<{layers: LayerPoint[], noise?: NoisePoint[]}>} */
export const getLayers = (id, since) =>
  request(
    "GET",
    `/runs/${id}/layers${search({ since_step: since >= 0 ? since : undefined })}`,
  );

/** What the best model gets wrong. @param {number} id
 * @param {Record<string, unknown>} [query] limit, offset, actual, predicted
 * @returns {Promise<Mistakes>} */
export const getMistakes = async (id, query = {}) =>
  safeMistakes(await request("GET", `/runs/${id}/mistakes${search(query)}`));

/** What the best model answers. @param {number} id @param {number[][]} inputs
 * @returns {Promise<{outputs: (number | null)[][], labels: number[]}>} */
export const predict = (id, inputs) =>
  request("POST", `/runs/${id}/predict`, { inputs });

/** @param {number} id @param {Record<string, unknown>} [query] target, budget
 * @returns {Promise<ProjectionAnswer>} */
export const getProjection = (id, query = {}) =>
  request("GET", `/runs/${id}/projection${search(query)}`);

/** @param {number} id @returns {Promise<Diagnosis>} */
export const getDiagnosis = (id) => request("GET", `/runs/${id}/diagnosis`);

/** @param {Record<string, unknown>} query
 * @returns {Promise<{sweeps: Sweep[], next_cursor: string | null, total: number}>} */
export const listSweeps = (query) => request("GET", `/sweeps${search(query)}`);

/** @param {number} id @returns {Promise<Sweep>} */
export const getSweep = (id) => request("GET", `/sweeps/${id}`);

/** @param {Record<string, unknown>} spec @returns {Promise<Sweep>} */
export const createSweep = (spec) => request("POST", "/sweeps", spec);

/** What a spec would come to. @param {Record<string, unknown>} spec
 * @returns {Promise<SweepEstimate>} */
export const estimateSweep = (spec) => request("POST", "/sweeps/estimate", spec);

/** @param {number} id @param {Record<string, unknown>} changes @returns {Promise<Sweep>} */
export const patchSweep = (id, changes) => request("PATCH", `/sweeps/${id}`, changes);

/** `keepalive`: also while the page closes. @param {number} id @param {boolean} [keepalive] */
export const deleteSweep = (id, keepalive = false) =>
  request("DELETE", `/sweeps/${id}`, undefined, { keepalive });

/** @param {number} id @param {string} action stop, pause, resume, extend or clone
 * @param {Record<string, unknown>} [body] @returns {Promise<Sweep>} */
export const actOnSweep = (id, action, body = {}) =>
  request("POST", `/sweeps/${id}/${action}`, body);

/** @param {number} id @param {Record<string, unknown>} [query] target, budget, objective
 * @returns {Promise<Analysis>} */
export const getAnalysis = (id, query = {}) =>
  request("GET", `/sweeps/${id}/analysis${search(query)}`);

/** @returns {Promise<Dataset[]>} */
export const getDatasets = async () =>
  (await request("GET", "/datasets")).datasets.map(safeDataset);

/** @param {string} name */
const datasetPath = (name) => `/datasets/${encodeURIComponent(name)}`;

/** @param {string} name @returns {Promise<Dataset>} */
export const getDataset = async (name) =>
  safeDataset(await request("GET", datasetPath(name)));

/** A person's own data. By XMLHttpRequest: fetch does not tell how much is sent.
 * @param {FormData} body @param {(sent: number, total: number) => void} onProgress bytes
 * @param {AbortSignal} signal ends it: then nothing is heard any more
 * @returns {Promise<void>} */
export const createDataset = (body, onProgress, signal) =>
  new Promise((resolve, reject) => {
    const upload = new XMLHttpRequest();
    upload.open("POST", "/datasets");
    upload.responseType = "json";
    upload.setRequestHeader("Accept", "application/json");
    upload.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    upload.onload = () =>
      upload.status === 201
        ? resolve()
        : reject(problemOf(upload.status, upload.response));
    upload.onerror = () => reject(new ApiError(0, "The server does not answer."));
    signal.addEventListener("abort", () => upload.abort());
    upload.send(body);
  });

/** @param {string} name @returns {Promise<void>} */
export const deleteDataset = (name) => request("DELETE", datasetPath(name));

/** @param {string} name @param {string} split @param {number} limit
 * @param {number} [offset] @returns {Promise<Samples>} */
export const getSamples = (name, split, limit, offset) =>
  request("GET", `${datasetPath(name)}/samples${search({ split, limit, offset })}`);

/** Every number of an expression, neuron, layer or network, and its gradient.
 * @param {Record<string, unknown>} body @returns {Promise<Trace>} */
export const traceAnatomy = (body) => request("POST", "/anatomy", body);

/** Some steps of training; the parameters travel along.
 * @param {object} body @returns {Promise<TrainAnswer>} */
export const trainAnatomy = (body) => request("POST", "/anatomy/train", body);

/** @returns {Promise<Preset[]>} */
export const getPresets = async () => (await request("GET", "/presets")).presets;

/** @returns {Promise<SystemInfo>} */
export const getSystem = () => request("GET", "/system");

export const getOpenapi = () => request("GET", "/openapi.json");

/** @param {string} token */
export const openSession = (token) => request("POST", "/session", { token });
