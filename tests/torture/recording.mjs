// A daemon whose changes to its data folder are written down, and a client that notes for
// each thing it was told how far the log had come by then.
import fs from "node:fs";
import path from "node:path";
import { makeFolder, removeFolder } from "../web/daemon.mjs";
import { openStream, startLab, until } from "../http/client.mjs";
import { library } from "./torture.mjs";

/**
 * What a client knows: `at` is the log's size when it had been told, `asked` when it was
 * about to ask. Whoever loses power at a moment of `at` or later has to keep it; one who
 * loses it before `asked` cannot have done it.
 * @typedef {{what: "run" | "sweep" | "point" | "words" | "deleted" | "ordered" | "dataset" | "forgotten", asked: number,
 *   at: number, id: number, point?: object, words?: object, state?: string, dataset?: object}} Fact
 */

export class Recording {
  #own = makeFolder();
  root = makeFolder();
  /** Not there yet, like the folder above it: the daemon makes both. */
  folder = path.join(this.root, "lab", "data");
  logFile = path.join(this.#own, "log");
  /** @type {Fact[]} */
  facts = [];
  lab = null;
  #stream = null;

  #mark = () => (fs.existsSync(this.logFile) ? fs.statSync(this.logFile).size : 0);

  #note = (fact) => this.facts.push({ asked: this.#mark(), at: this.#mark(), ...fact });

  async start() {
    const env = { LD_PRELOAD: library("record"), RECORD_FOLDER: this.root, RECORD_LOG: this.logFile };
    this.lab = await startLab({ folder: this.folder, env });
    const hear = ({ event, data }) => event === "point" && this.#note({ what: "point", id: data.run, point: data.point });
    this.#stream = await openStream(this.lab.url, {}, hear);
  }

  /** Asks for a change that the answer says was made. */
  async #ask(what, [method, url, body], more = {}) {
    const asked = this.#mark();
    const answer = await this.lab.json(method, url, body);
    if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.status}`);
    this.#note({ what, asked, id: answer.body?.id, ...more });
    return answer.body?.id;
  }

  launch = (config) => this.#ask("run", ["POST", "/runs", config]);
  sweep = (spec) => this.#ask("sweep", ["POST", "/sweeps", spec]);
  rename = (id, name, notes) => this.#ask("words", ["PATCH", `/runs/${id}`, { name, notes }], { id, words: { name, notes } });
  remove = (id) => this.#ask("deleted", ["DELETE", `/runs/${id}`], { id });

  /** Brings in a dataset; its name is its id. */
  async bringIn(name, train) {
    const asked = this.#mark();
    const { status, body } = await this.lab.upload({ name, train });
    if (status !== 201) throw new Error(`POST /datasets: ${status}`);
    this.#note({ what: "dataset", asked, id: name, dataset: body });
  }

  forget = (name) => this.#ask("forgotten", ["DELETE", `/datasets/${name}`], { id: name });

  /** Pauses, resumes or stops; `state` is what it is then, unless it has ended before. */
  order = (id, verb, state) => this.#ask("ordered", ["POST", `/runs/${id}/${verb}`, {}], { id, state });

  /** Lists the points of a run; those that came over the stream are known already. */
  async list(id) {
    const points = await this.lab.points(id);
    for (const point of points) this.#note({ what: "point", id, point });
  }

  /** Waits until the stream has told of a point at this step or later. */
  reach = (id, step) => until(() => this.facts.some((fact) => fact.what === "point" && fact.id === id && fact.point.step >= step), `run ${id} to reach step ${step}`);

  finish = (id) => this.lab.waitFor(id, "finished");

  async end(signal = "SIGTERM") {
    await this.lab.stop(signal);
    await this.#stream.close();
  }

  clear = () => [this.#own, this.root].forEach(removeFolder);
}
