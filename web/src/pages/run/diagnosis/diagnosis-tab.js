// Why isn't it learning? What the server found, most telling first, each with a way out.
import { html } from "htm/preact";
import { LoadNote } from "../../../components/notes.js";
import { useDiagnosis } from "../../../data/diagnosis.js";
import { asOf, headline } from "../../../logic/diagnosis.js";
import { isLive } from "../../../logic/runs.js";
import { Checks } from "./checks.js";
import { FindingCard } from "./finding-card.js";
import { useKeptFocus } from "./kept-focus.js";
import { OneBatch } from "./one-batch.js";

/** @param {{run: Run, query: Record<string, string>}} props */
export function DiagnosisTab({ run, query }) {
  const { diagnosis, error } = useDiagnosis(run.id);
  const { list, heading } = useKeptFocus();
  if (!diagnosis) return html`<${LoadNote} error=${error} what="the diagnosis" />`;
  return html`<div class="stack diagnosis-tab">
    <header>
      <div aria-live="polite">
        <h2
          class="diagnosis-headline"
          data-findings=${diagnosis.findings.length}
          tabindex="-1"
          ref=${heading}
        >
          ${headline(diagnosis, run)}
        </h2>
      </div>
      <p class="small muted numbers" data-as-of=${diagnosis.step}>
        ${asOf(diagnosis, run)}
      </p>
    </header>
    <div class="stack findings" ref=${list}>
      ${diagnosis.findings.map(
        (finding) =>
          html`<${FindingCard} key=${finding.code} finding=${finding} run=${run} />`,
      )}
    </div>
    <${OneBatch} run=${run} diagnosis=${diagnosis} query=${query} />
    <${Checks} checks=${diagnosis.checks} live=${isLive(run)} />
  </div>`;
}
