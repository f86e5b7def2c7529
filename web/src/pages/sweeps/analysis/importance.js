// How much each parameter matters.
import { html } from "htm/preact";
import { label, percent, plural } from "../../../logic/format.js";

/** @typedef {import("../../../logic/sweep-view.js").View} View */

const LEAST_TRIALS = 10;

/** @param {{importance: NonNullable<Analysis["importance"]>}} props */
function Bars({ importance }) {
  const sorted = [...importance].sort((a, b) => b.share - a.share);
  return html`<ul class="importance">
    ${sorted.map(
      ({ name, share }) => html`<li key=${name}>
        <span>${label(name)}</span>
        <svg class="share" width="100%" height="14" aria-hidden="true">
          <rect width="100%" height="14" rx="3" />
          <rect class="share-value" width=${`${100 * share}%`} height="14" rx="3" />
        </svg>
        <span class="numbers">${percent(share, 0)}</span>
      </li>`,
    )}
  </ul>`;
}

/** @param {{view: View}} props */
export function ImportanceCard({ view }) {
  const { importance, importance_trials: trials } = view.analysis;
  return html`<section class="card stack">
    <h2>What matters</h2>
    ${
      importance
        ? html`<${Bars} importance=${importance} />
            <p class="small muted">
              How differently the best tenth of the settings (at least 5) lie along each
              parameter than all of them, as a share of the whole; within this range,
              n = ${trials} settings. One with a small share may be left as it is; outside
              the range that was tried it may matter all the same.
            </p>`
        : html`<p class="muted">
            ${
              trials < LEAST_TRIALS
                ? `How much each parameter matters needs at least ${LEAST_TRIALS} settings that have ended; so far there ${trials === 1 ? "is" : "are"} ${plural(trials, "setting")}.`
                : "The settings do not differ enough to tell what matters."
            }
          </p>`
    }
  </section>`;
}
