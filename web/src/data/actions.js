// What buttons do to runs. Results arrive by the stream; failures become toasts.
import { actOnRun, createRun, patchRun } from "../api.js";
import { cloneBody } from "../logic/config.js";
import { patchedBody } from "../logic/diagnosis.js";
import { navigate } from "../router.js";
import { toast, toastError } from "./toasts.js";

/** Launches and goes to the run's page. @param {Record<string, unknown>} body */
export async function launch(body) {
  const run = await createRun(body);
  navigate(["runs", String(run.id)]);
  return run;
}

/** @param {Run} run */
export async function clone(run) {
  try {
    const made = await launch(cloneBody(run));
    toast(`Run ${made.id} launched with the same config`);
  } catch (error) {
    toastError(error);
  }
}

/** Launches the run with some fields of its config changed. @param {Run} run
 * @param {Record<string, unknown>} patch */
export async function launchFixed(run, patch) {
  const made = await launch(patchedBody(run, patch));
  toast(`Run ${made.id} launched with the fix`);
}

/** @param {number[]} ids @param {string} action stop, pause or resume */
export async function act(ids, action) {
  const results = await Promise.allSettled(ids.map((id) => actOnRun(id, action)));
  for (const result of results)
    if (result.status === "rejected") toastError(result.reason);
}

/** @param {number[]} ids @param {Record<string, unknown>} changes @param {string} done */
export async function patch(ids, changes, done) {
  try {
    await Promise.all(ids.map((id) => patchRun(id, changes)));
    toast(done);
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}

/** @param {Run[]} runs @param {boolean} archived */
export function archive(runs, archived) {
  const what = runs.length === 1 ? `Run ${runs[0].id}` : `${runs.length} runs`;
  const ids = runs.map((run) => run.id);
  return patch(
    ids,
    { archived },
    `${what} ${archived ? "archived" : "back from the archive"}`,
  );
}
