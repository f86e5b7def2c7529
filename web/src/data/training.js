// A network that trains on the page: asks the server for some steps, sends the parameters
// it got along with the next question, and never has two questions under way.
import { LossLog } from "../logic/anatomy/loss-log.js";
import { structureOf } from "../logic/anatomy/mlp-state.js";

const FRAME_MS = 1000 / 15;
const MOST_STEPS = 5000;
const RESTORE_MS = 4000;

/** @typedef {import("../logic/anatomy/mlp-state.js").Settings} Settings */
/** @typedef {{step: number, layers: LayerValues[] | null}} Origin where training begins;
 *   `layers` null: from the seed */

/** @type {Origin} */
const fromSeed = { step: 0, layers: null };

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Did the numbers run away? @param {TrainAnswer} answer */
function ranAway({ layers, losses, train_loss: loss }) {
  const values = layers.flatMap(({ weights, biases }) => [...weights.flat(), ...biases]);
  return ![...values, ...losses, loss].every((value) => Number.isFinite(value));
}

export class Training {
  /**
   * @param {(body: object) => Promise<TrainAnswer>} ask POST /anatomy/train
   * @param {() => void} changed called whenever there is something new to show
   * @param {Settings} settings @param {Origin} [origin]
   */
  constructor(ask, changed, settings, origin = fromSeed) {
    this.ask = ask;
    this.changed = changed;
    this.settings = settings;
    this.origin = origin;
    /** Steps that one question of Play asks for. */
    this.stepsAFrame = 10;
    this.playing = false;
    this.busy = false;
    this.working = Promise.resolve();
    this.closed = false;
    /** Answers to questions of an earlier round are dropped. */
    this.round = 0;
    /** @type {LayerValues[] | null} */
    this.layers = origin.layers;
    this.step = origin.step;
    /** The step to train to. */
    this.target = origin.step;
    /** When to give up on making up for the steps of a reload. */
    this.deadline = Infinity;
    this.epoch = 0;
    this.stepsAnEpoch = 1;
    /** @type {number | null} */
    this.loss = null;
    /** @type {number | null} */
    this.accuracy = null;
    this.losses = new LossLog();
    /** @type {Error | null} */
    this.error = null;
    /** The numbers ran away: only Reset helps. */
    this.broken = false;
    /** A reload would not train as this did. */
    this.mixed = false;
    /** Steps that were to be made up for, but were too many. */
    this.missed = 0;
    /** What is shown is not of these very parameters and settings. */
    this.stale = true;
  }

  /** Back to where training begins, without asking. */
  clear() {
    this.round++;
    this.playing = false;
    this.layers = this.origin.layers;
    this.step = this.target = this.origin.step;
    this.deadline = Infinity;
    this.epoch = 0;
    this.loss = this.accuracy = null;
    this.losses = new LossLog();
    this.error = null;
    this.broken = this.mixed = false;
    this.missed = 0;
    this.stale = true;
  }

  reset() {
    this.clear();
    return this.work();
  }

  /** Parameters are kept where the structure stays. @param {Settings} settings */
  configure(settings) {
    const before = this.settings;
    if (JSON.stringify(before) === JSON.stringify(settings)) return;
    this.settings = settings;
    this.error = null;
    if (structureOf(before) !== structureOf(settings)) {
      this.origin = fromSeed;
      this.clear();
    }
    this.mixed = this.step > this.origin.step;
    this.stale = true;
    this.work();
  }

  /** @param {number} steps */
  advance(steps) {
    if (this.broken) return;
    this.target = this.step + steps;
    return this.work();
  }

  /** Trains to `step` from the beginning, a few seconds at most. @param {number} step */
  restore(step) {
    this.target = Math.max(step, this.step);
    this.deadline = performance.now() + RESTORE_MS;
    return this.work();
  }

  play() {
    if (this.broken) return;
    this.playing = true;
    return this.work();
  }

  pause() {
    this.playing = false;
    this.target = this.step;
    this.changed();
  }

  close() {
    this.closed = true;
  }

  wants() {
    const more = this.playing || this.step < this.target;
    return !this.closed && !this.error && (this.stale || (more && !this.broken));
  }

  /** Resolves once there is nothing more to ask. */
  work() {
    if (!this.busy) this.working = this.askOn();
    this.changed();
    return this.working;
  }

  async askOn() {
    this.busy = true;
    this.error = null;
    while (this.wants()) {
      const began = performance.now();
      await this.askOnce();
      this.changed();
      const left = this.playing ? FRAME_MS - (performance.now() - began) : 0;
      if (left > 0) await pause(left);
    }
    this.busy = false;
    this.changed();
  }

  /** How many steps to ask for now. */
  wanted() {
    if (this.broken) return 0;
    const steps = this.playing ? this.stepsAFrame : this.target - this.step;
    return Math.max(0, Math.min(MOST_STEPS, steps));
  }

  async askOnce() {
    const { round } = this;
    const settings = JSON.stringify(this.settings);
    const steps = this.wanted();
    try {
      const answer = await this.ask({
        ...this.settings,
        loss: "cross_entropy",
        step: this.step,
        layers: this.layers,
        steps,
      });
      if (round !== this.round) return;
      this.take(answer);
      this.stale = settings !== JSON.stringify(this.settings);
      if (steps > 0 && answer.losses.length === 0)
        throw new Error("training stands still");
    } catch (error) {
      if (round !== this.round) return;
      this.error = /** @type {Error} */ (error);
      this.playing = false;
    }
    if (performance.now() > this.deadline) this.giveUp();
  }

  /** @param {TrainAnswer} answer */
  take(answer) {
    this.losses.addBatches(this.step, answer.losses);
    this.step = answer.step;
    this.epoch = answer.epoch;
    this.stepsAnEpoch = answer.steps_per_epoch;
    this.loss = answer.train_loss;
    this.accuracy = answer.train_accuracy;
    this.losses.addWhole(answer.step, answer.train_loss);
    this.target = Math.max(this.target, this.step);
    this.broken = ranAway(answer);
    if (this.broken) this.playing = false;
    else this.layers = answer.layers;
    if (this.step >= this.target) this.deadline = Infinity;
  }

  giveUp() {
    this.missed = this.target - this.step;
    this.target = this.step;
    this.deadline = Infinity;
  }
}
