// A run that ended short of its target says why at once.
import { html } from "htm/preact";
import { useFirstCause } from "../../data/diagnosis.js";
import { isDisappointing } from "../../logic/diagnosis.js";
import { href } from "../../router.js";

/** `here`: its tab is open already. @param {{run: Run, here: boolean}} props */
export function WhyLink({ run, here }) {
  const shown = isDisappointing(run) && !here;
  const first = useFirstCause(run, shown);
  if (!shown || !first) return null;
  return html`<p class="small why-link">
    <a href=${href(["runs", String(run.id)], { tab: "diagnosis" })}>
      Why isn’t it learning? ${first.title}
    </a>
  </p>`;
}
