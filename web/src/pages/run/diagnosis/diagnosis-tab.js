// Why isn't it learning? What the server found, most telling first, each with a way out.
import { html } from "htm/preact";
import { LoadNote } from "../../../components/notes.js";
import { useDiagnosis } from "../../../data/diagnosis.js";
import { headline } from "../../../logic/diagnosis.js";
import { isLive } from "../../../logic/runs.js";
import { Checks } from "./checks.js";
import { FindingCard } from "./finding-card.js";
import { OneBatch } from "./one-batch.js";

/** @param {{run: Run, query: Record<string, string>}} props */
export function DiagnosisTab({ run, query }) {
  const { diagnosis, error } = useDiagnosis(run.id);
  if (!diagnosis) return html`<${LoadNote} error=${error} what="the diagnosis" />`;
  const early = isLive(run) && diagnosis.step === 0;
  return html`<div class="stack diagnosis-tab">
    <h2 class="diagnosis-headline" data-findings=${diagnosis.findings.length}>
      ${headline(diagnosis, run)}
    </h2>
    ${
      early &&
      html`<p class="note">
        Nothing is measured yet: what stands here is about the data and the first weights.
      </p>`
    }
    ${diagnosis.findings.map(
      (finding) =>
        html`<${FindingCard} key=${finding.code} finding=${finding} run=${run} />`,
    )}
    <${OneBatch} run=${run} diagnosis=${diagnosis} query=${query} />
    <${Checks} checks=${diagnosis.checks} />
  </div>`;
}
