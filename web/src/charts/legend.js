// The legend: check boxes that switch lines off and on.
import { html } from "htm/preact";
import { highlighted } from "../data/highlight.js";
import { useStore } from "../store.js";

/** @param {{line: import("./spec.js").Line}} props */
function Swatch({ line }) {
  const dash = line.dash?.join(" ") || null;
  return html`<svg class="run-mark c${line.colour === "muted" ? "-muted" : line.colour}"
    width="18" height="8" aria-hidden="true">
    <line x1="0" y1="4" x2="18" y2="4" stroke-dasharray=${dash} />
  </svg>`;
}

/**
 * @param {{lines: import("./spec.js").Line[], hidden: Set<string>,
 *   onToggle: (key: string) => void}} props
 */
export function Legend({ lines, hidden, onToggle }) {
  const lit = useStore(highlighted);
  return html`<div class="legend" role="group" aria-label="Lines">
    ${lines.map(
      (line) => html`<label
        key=${line.key}
        class="check ${line.run !== undefined && line.run === lit ? "lit" : ""}"
        onMouseEnter=${() => highlighted.set(line.run ?? null)}
        onMouseLeave=${() => highlighted.set(null)}
      >
        <input
          type="checkbox"
          checked=${!hidden.has(line.key)}
          onChange=${() => onToggle(line.key)}
        />
        <${Swatch} line=${line} />
        <span>${line.label}</span>
      </label>`,
    )}
  </div>`;
}
