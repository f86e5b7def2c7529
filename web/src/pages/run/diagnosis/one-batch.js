// Can it over-fit one batch? The least that network, loss and gradients must manage.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { createRun } from "../../../api.js";
import { toastError } from "../../../data/toasts.js";
import { oneBatchBody } from "../../../logic/diagnosis.js";
import { setQuery } from "../../../router.js";
import { Outcome } from "./outcome.js";

/** @param {{run: Run, diagnosis: Diagnosis, query: Record<string, string>}} props */
export function OneBatch({ run, diagnosis, query }) {
  const [busy, setBusy] = useState(false);
  const id = Number(query.batch);
  const known = Number.isSafeInteger(id) && id > 0;
  /** @param {MouseEvent} event */
  async function start(event) {
    const second = event.detail > 1; // of a double click, however fast the first was answered
    if (busy || second) return;
    setBusy(true);
    try {
      const batch = await createRun(oneBatchBody(run, diagnosis));
      setQuery({ batch: batch.id });
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  }
  const { goal_accuracy: goal } = diagnosis.one_batch;
  return html`<section class="card stack one-batch">
    <h3>Can it over-fit one batch?</h3>
    <p class="prose muted small">
      The same network, loss and learning rate on a handful of samples, again and again,
      without whatever keeps it from learning by heart. It takes a moment.
    </p>
    ${known && html`<${Outcome} key=${id} id=${id} parent=${run.id} goal=${goal} />`}
    <div>
      <button
        type="button"
        class="btn"
        aria-disabled=${busy ? "true" : null}
        onClick=${start}
      >
        ${known ? "Train on one batch again" : "Train on one batch"}
      </button>
    </div>
  </section>`;
}
