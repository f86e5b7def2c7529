// One finding: what is wrong, the number behind it, what to look at, and the fix.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { DataTable } from "../../../charts/data-table.js";
import { LineChart } from "../../../charts/line-chart.js";
import { Icon } from "../../../components/icon.js";
import { launchFixed } from "../../../data/actions.js";
import { useLaunching } from "../../../data/launching.js";
import {
  amountText,
  changesOf,
  rowsOf,
  severities,
  specOf,
} from "../../../logic/diagnosis.js";

/** @param {{finding: Finding, run: Run}} props */
function Fix({ finding: { code, fix }, run }) {
  const { busy, press } = useLaunching(() => launchFixed(run, fix?.patch ?? {}));
  if (!fix) return null;
  const changes = changesOf(fix.patch, run);
  const id = `fix-${code}`;
  return html`<div class="finding-fix">
    <p><strong>Try:</strong> ${fix.text}</p>
    ${
      changes.length > 0 &&
      html`<div class="row spread">
        <ul id=${id}>
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
          aria-describedby=${id}
          aria-disabled=${busy ? "true" : null}
          onClick=${press}
        >
          <${Icon} name="copy" size=${14} /> Clone with fix
        </button>
      </div>`
    }
  </div>`;
}

/** Two findings may go by the same chart; `finding` tells their tables apart.
 * @param {{evidence: Evidence, finding: string}} props */
function EvidenceFigure({ evidence, finding }) {
  const [hidden, setHidden] = useState(/** @type {Set<string>} */ (new Set()));
  const rows = rowsOf(evidence);
  /** @param {string} key */
  function toggle(key) {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next);
  }
  return html`<${LineChart}
    spec=${specOf(evidence)}
    hidden=${hidden}
    onToggle=${toggle}
    heading="h4"
  >
    ${
      rows.length > 0 &&
      html`<${DataTable}
        summary="As a table"
        className="small"
        name=${`${evidence.title.toLowerCase()}: ${finding}`}
        columns=${Object.keys(rows[0])}
        rows=${rows}
      />`
    }
  <//>`;
}

/** @param {{finding: Finding}} props */
function Measure({ finding: { measured, rule } }) {
  return html`<p class="small muted numbers">
    Measured: ${measured.name} <strong>${amountText(measured)}</strong> · Rule: ${rule}
  </p>`;
}

/** @param {{finding: Finding, run: Run}} props */
export function FindingCard({ finding, run }) {
  const { word, icon } = severities[finding.severity] ?? severities.note;
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
      <${Measure} finding=${finding} />
      <${Fix} finding=${finding} run=${run} />
    </div>
    ${
      finding.evidence &&
      html`<${EvidenceFigure} evidence=${finding.evidence} finding=${finding.title} />`
    }
  </article>`;
}
