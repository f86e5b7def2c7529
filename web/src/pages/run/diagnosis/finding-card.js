// One finding: what is wrong, the number behind it, what to look at, and the fix.
import { html } from "htm/preact";
import { DataTable } from "../../../charts/data-table.js";
import { LineChart } from "../../../charts/line-chart.js";
import { Icon } from "../../../components/icon.js";
import { launchFixed } from "../../../data/actions.js";
import {
  changesOf,
  measuredText,
  rowsOf,
  severities,
  specOf,
} from "../../../logic/diagnosis.js";

const none = new Set();

/** @param {{finding: Finding, run: Run}} props */
function Fix({ finding: { fix }, run }) {
  if (!fix) return null;
  const changes = changesOf(fix.patch, run);
  return html`<div class="finding-fix">
    <p><strong>Try:</strong> ${fix.text}</p>
    ${
      changes.length > 0 &&
      html`<div class="row">
        <ul class="finding-changes">
          ${changes.map(
            ({ name, label, from, to }) => html`<li key=${name}>
              ${label}: <span class="muted">${from}</span> →${" "}
              <strong>${to}</strong>
            </li>`,
          )}
        </ul>
        <button
          type="button"
          class="btn btn-primary"
          onClick=${() => launchFixed(run, fix.patch)}
        >
          <${Icon} name="copy" size=${14} /> Clone with fix
        </button>
      </div>`
    }
  </div>`;
}

/** @param {{evidence: Evidence}} props */
function EvidenceFigure({ evidence }) {
  const rows = rowsOf(evidence);
  return html`<${LineChart}
    spec=${specOf(evidence)}
    hidden=${none}
    onToggle=${() => {}}
  >
    <${DataTable}
      summary="As a table"
      className="small"
      name=${evidence.title.toLowerCase()}
      columns=${Object.keys(rows[0] ?? {})}
      rows=${rows}
    />
  <//>`;
}

/** @param {{finding: Finding, run: Run}} props */
export function FindingCard({ finding, run }) {
  const { word, icon } = severities[finding.severity] ?? severities.warning;
  return html`<article
    class="card finding finding-${finding.severity}"
    data-code=${finding.code}
    aria-label=${finding.title}
  >
    <div class="finding-words">
      <h3>
        <span class="finding-severity"><${Icon} name=${icon} size=${14} /> ${word}</span>
        ${finding.title}
      </h3>
      <p>${finding.text}</p>
      <p class="small muted numbers">
        Measured: ${measuredText(finding.measured)} · Rule: ${finding.rule}
      </p>
      <${Fix} finding=${finding} run=${run} />
    </div>
    ${finding.evidence && html`<${EvidenceFigure} evidence=${finding.evidence} />`}
  </article>`;
}
