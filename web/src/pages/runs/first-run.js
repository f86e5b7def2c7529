// Before the first run: one button.
import { html } from "htm/preact";
import { getPresets } from "../../api.js";
import { PageTitle } from "../../components/page-title.js";
import { launch } from "../../data/actions.js";
import { useLaunching } from "../../data/launching.js";

async function firstConfig() {
  const presets = await getPresets();
  return presets.find((preset) => preset.kind === "run")?.config ?? {};
}

export function FirstRun() {
  const { busy, press } = useLaunching(async () => launch(await firstConfig()));
  return html`<div class="empty first-run">
    <svg class="c6 first-curve" width="320" height="120" viewBox="0 0 320 120" aria-hidden="true">
      <path class="first-axis" d="M20 8V104H312" />
      <path class="first-line" d="M22 100C60 96 62 34 112 25S220 17 308 15" />
      <circle cx="124" cy="23" r="6" />
    </svg>
    <${PageTitle} title="Runs">Watch a network learn<//>
    <p>
      Sweetspot trains neural networks on this machine and shows each step of it live. Begin
      with the classic: 60,000 handwritten digits and one hidden layer.
    </p>
    <button type="button" class="btn btn-primary btn-large" disabled=${busy} onClick=${press}>
      Train your first model (about 5 s)
    </button>
    <a class="small" href="#/new">or set up a run of your own</a>
  </div>`;
}
