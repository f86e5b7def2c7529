// How a run looks wherever it is named: its line, number, name and state.
import { html } from "htm/preact";
import { useStore } from "../store.js";
import { colourOf } from "../logic/colours.js";
import { reasonText, title } from "../logic/runs.js";
import { highlighted } from "../data/highlight.js";
import { href } from "../router.js";
import { Icon } from "./icon.js";

/** The run's line as charts draw it. @param {{id: number, width?: number}} props */
export function RunMark({ id, width = 18 }) {
  const { index, dash } = colourOf(id);
  return html`<svg class="run-mark c${index}" width=${width} height="8" aria-hidden="true">
    <line x1="0" y1="4" x2=${width} y2="4" stroke-dasharray=${dash.join(" ") || null} />
  </svg>`;
}

/** @param {{run: Run}} props */
export function RunName({ run }) {
  const lit = useStore(highlighted) === run.id;
  return html`<span
    class="run-name ${lit ? "lit" : ""}"
    onMouseEnter=${() => highlighted.set(run.id)}
    onMouseLeave=${() => highlighted.set(null)}
  >
    <${RunMark} id=${run.id} />
    <span class="run-id">#${run.id}</span>
    <a href=${href(["runs", String(run.id)])} title=${title(run)}>${title(run)}</a>
  </span>`;
}

/** @type {Record<RunState, string>} */
const icons = {
  queued: "clock",
  running: "play",
  paused: "pause",
  finished: "check",
  stopped: "stop",
  failed: "alert",
  diverged: "alert",
  pruned: "cut",
};

/** @param {{run: Run}} props */
export function State({ run }) {
  const reason = run.error || reasonText(run.stop_reason);
  return html`<span class="state" data-state=${run.state} title=${reason || null}>
    <${Icon} name=${icons[run.state] ?? "clock"} />
    <span>${run.state}</span>
  </span>`;
}

/** @param {{run: Run, small?: boolean}} props */
export function Progress({ run, small }) {
  return html`<progress
    class=${small ? "progress-small" : ""}
    max="1"
    value=${run.progress ?? 0}
    aria-label=${`Progress of ${title(run)}`}
  />`;
}

/** @param {{tags: string[]}} props */
export function Tags({ tags }) {
  return html`${tags.map(
    (
      tag,
    ) => html`<a class="tag" key=${tag} href=${href([], { tag })} title="Runs with this tag"
      >${tag}</a
    > `,
  )}`;
}
