// Questions that come faster than their answers: one is asked at a time, and of those that
// come meanwhile only the newest.

/** @template I, O */
export class Latest {
  /** @param {(input: I) => Promise<O>} question
   * @param {(answer: O | null, error: Error | null, input: I) => void} told */
  constructor(question, told) {
    this.question = question;
    this.told = told;
    /** @type {{input: I} | null} */
    this.next = null;
    this.busy = false;
    this.closed = false;
  }

  /** @param {I} input */
  async ask(input) {
    this.next = { input };
    if (this.busy) return;
    this.busy = true;
    while (this.next && !this.closed) await this.answer(this.next.input);
    this.busy = false;
  }

  /** @param {I} input */
  async answer(input) {
    this.next = null;
    try {
      const answer = await this.question(input);
      if (!this.closed) this.told(answer, null, input);
    } catch (error) {
      if (!this.closed) this.told(null, /** @type {Error} */ (error), input);
    }
  }

  close() {
    this.closed = true;
    this.next = null;
  }
}
