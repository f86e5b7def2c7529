// What a tab about the trained model says while there is none.
import { html } from "htm/preact";
import { isLive } from "../../logic/runs.js";

/** @param {{run: Run, what: string}} props `what`: "Its mistakes appear" */
export function NoWeights({ run, what }) {
  return html`<div class="empty">
    <p>
      ${
        isLive(run)
          ? `No weights yet. ${what} with this run's first point.`
          : "This run ended before it had weights."
      }
    </p>
  </div>`;
}
