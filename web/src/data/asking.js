// One question to the server, asked again and again while its answer changes.

const RETRY_MS = 2000;

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Never two questions at once, and pauses in between. */
export class Asking {
  /**
   * @param {() => Promise<void>} question
   * @param {() => void} changed  called after each answer
   * @param {number} pauseMs
   */
  constructor(question, changed, pauseMs) {
    this.question = question;
    this.changed = changed;
    this.pauseMs = pauseMs;
    /** @type {Error | null} */
    this.error = null;
    this.busy = false;
    this.wanted = false;
    this.closed = false;
  }

  /** Asks now, or again once the question under way is answered. */
  async ask() {
    this.wanted = true;
    if (this.busy) return;
    this.busy = true;
    while (this.wanted && !this.closed) {
      this.wanted = false;
      await this.tryOnce();
      this.changed();
      await pause(this.error ? RETRY_MS : this.pauseMs);
    }
    this.busy = false;
  }

  async tryOnce() {
    try {
      await this.question();
      this.error = null;
    } catch (error) {
      this.error = /** @type {Error} */ (error);
      this.wanted = true;
    }
  }

  close() {
    this.closed = true;
  }
}
