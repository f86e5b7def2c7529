// Every rule, whether it found something or not.
import { html } from "htm/preact";
import { Icon } from "../../../components/icon.js";
import { amountText, statusOf, tally } from "../../../logic/diagnosis.js";

/** @param {{check: Check, live: boolean}} props */
function Row({ check, live }) {
  const { code, title, status, measured, rule } = check;
  const { word, icon } = statusOf(check, live);
  return html`<tr data-check=${code}>
    <th scope="row">${title}</th>
    <td class="check-${status}"><${Icon} name=${icon} size=${13} /> ${word}</td>
    <td class="numbers">
      ${measured ? html`${measured.name}: <strong>${amountText(measured)}</strong>` : "–"}
    </td>
    <td>${rule}</td>
  </tr>`;
}

/** @param {{checks: Check[], live: boolean}} props */
export function Checks({ checks, live }) {
  return html`<details class="card">
    <summary>
      All ${checks.length} checks <span class="muted">· ${tally(checks, live)}</span>
    </summary>
    <div class="table-scroll" tabindex="0" role="region" aria-label="All checks">
      <table class="checks">
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Result</th>
            <th scope="col">Measured</th>
            <th scope="col">Wrong if</th>
          </tr>
        </thead>
        <tbody>
          ${checks.map(
            (check) => html`<${Row} key=${check.code} check=${check} live=${live} />`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
