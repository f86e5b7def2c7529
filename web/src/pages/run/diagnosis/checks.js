// Every rule, whether it found something or not.
import { html } from "htm/preact";
import { Icon } from "../../../components/icon.js";
import { measuredText, statuses } from "../../../logic/diagnosis.js";

/** @param {{checks: Check[]}} props */
export function Checks({ checks }) {
  return html`<details class="card">
    <summary>All ${checks.length} checks</summary>
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
          ${checks.map(({ code, title, status, measured, rule }) => {
            const { word, icon } = statuses[status] ?? statuses.unknown;
            return html`<tr key=${code} data-check=${code}>
              <th scope="row">${title}</th>
              <td class="check-${status}"><${Icon} name=${icon} size=${13} /> ${word}</td>
              <td class="numbers">${measured ? measuredText(measured) : "–"}</td>
              <td>${rule}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </details>`;
}
