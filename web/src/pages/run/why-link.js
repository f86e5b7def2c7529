// A run that ended short of its target says why at once.
import { html } from "htm/preact";
import { useDiagnosis } from "../../data/diagnosis.js";
import { isDisappointing } from "../../logic/diagnosis.js";
import { href } from "../../router.js";

/** @param {{run: Run}} props */
export function WhyLink({ run }) {
  const wanted = isDisappointing(run);
  const { diagnosis } = useDiagnosis(run.id, wanted);
  const first = diagnosis?.findings.find(({ severity }) => severity === "critical");
  if (!wanted || !first) return null;
  return html`<p class="small why-link">
    <a href=${href(["runs", String(run.id)], { tab: "diagnosis" })}>
      Why isn’t it learning? ${first.title}
    </a>
  </p>`;
}
