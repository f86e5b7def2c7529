// Walks through a graph: step by step, by slider, or by itself; says what each step does.
import { html } from "htm/preact";
import { lastOf, placeIn } from "../../logic/anatomy/walk.js";
import { stepText } from "../../logic/anatomy/words.js";
import { Icon } from "../icon.js";
import { usePlaying } from "./use-playing.js";

/** @typedef {import("../../logic/anatomy/walk.js").Walk} Walk */

/** @param {Walk} walk @param {number} index */
function phaseOf({ forwardEnd }, index) {
  if (index === 0) return "given";
  return index <= forwardEnd ? "forward" : "backward";
}

/** @param {{name: string, icon?: string, disabled: boolean, onClick: () => void,
 *   children?: unknown}} props */
const Move = ({ name, icon, disabled, onClick, children }) => html`<button
  type="button"
  class="btn btn-small"
  aria-disabled=${disabled ? "true" : null}
  onClick=${() => disabled || onClick()}
>
  ${icon && html`<${Icon} name=${icon} size=${14} />`} ${name}${children}
</button>`;

/** The end keeps no number in the address: it stays the end when the graph grows.
 * @param {{walk: Walk, step: number | null, onStep: (step: number | null) => void}} props */
export function Player({ walk, step, onStep }) {
  const last = lastOf(walk);
  const index = placeIn(walk, step);
  /** @param {number} to */
  const go = (to) => onStep(to >= last ? null : Math.max(0, to));
  const { playing, name, toggle } = usePlaying(index, last, go);
  const place = `Step ${index} of ${last}, ${phaseOf(walk, index)}`;
  return html`<div class="player stack" data-step=${index}>
    <p class="told" role="status" aria-live="polite">${stepText(walk, index)}</p>
    <div class="row player-controls">
      <div class="row player-moves" role="group" aria-label="Walk through the graph">
        <${Move}
          name="Previous"
          disabled=${index === 0}
          onClick=${() => go(index - 1)}
        />
        <${Move}
          name=${name}
          icon=${playing ? "pause" : "play"}
          disabled=${false}
          onClick=${toggle}
        />
        <${Move} name="Next" disabled=${index === last} onClick=${() => go(index + 1)} />
      </div>
      <label class="scrub small">
        <span class="muted numbers">${place}</span>
        <input
          type="range"
          min="0"
          max=${last}
          step="1"
          value=${index}
          aria-label="Step of the walk"
          aria-valuetext=${place}
          onInput=${(/** @type {any} */ e) => go(Number(e.target.value))}
        />
      </label>
      <div class="row player-moves" role="group" aria-label="Jump">
        <${Move} name="Start" disabled=${index === 0} onClick=${() => go(0)} />
        <${Move}
          name="Forward done"
          disabled=${index === walk.forwardEnd}
          onClick=${() => go(walk.forwardEnd)}
        />
        <${Move} name="Backward done" disabled=${index === last} onClick=${() => go(last)} />
      </div>
    </div>
  </div>`;
}
