// The graph of values at one step of a walk. The arrow keys go from value to value in the
// order in which they are computed; a neuron's closed box opens with Enter.
import { html } from "htm/preact";
import { useMemo, useRef } from "preact/hooks";
import { drawingOf } from "../../logic/anatomy/blocks.js";
import { layoutOf, MOST_BLOCKS, structureOf } from "../../logic/anatomy/graph-layout.js";
import { changedBy, litBy, stateAt } from "../../logic/anatomy/walk.js";
import { valueText } from "../../logic/anatomy/words.js";
import { useFollowing, useScale } from "./use-view.js";
import { useArrowKeys } from "./use-arrow-keys.js";
import { useToggle } from "./use-toggle.js";
import { ValueBlock } from "./value-block.js";

/** @typedef {import("../../logic/anatomy/walk.js").Walk} Walk */
/** @typedef {import("../../logic/anatomy/blocks.js").Block} Block */
/** @typedef {ReturnType<typeof drawingOf>} Drawing */
/** @typedef {import("../../logic/anatomy/graph-layout.js").GraphLayout} GraphLayout */

/**
 * @typedef {object} GraphProps
 * @property {Walk} walk
 * @property {number} index   the step
 * @property {string} label   what it is the graph of
 * @property {number | null} [picked]  the value that is looked at
 * @property {(id: number) => void} [onPick]
 * @property {Set<string>} [open]  neurons that show all their values
 * @property {(name: string) => void} [onToggle]  opens or closes a neuron
 */

const keysText = "Arrow keys go from one to the next.";
const none = new Set();
const nothing = () => {};

/** @param {{drawing: Drawing, layout: GraphLayout, edges: [number, number][]}} props */
function Links({ drawing, layout, edges }) {
  const lit = new Set(edges.map(([from, to]) => `${from} ${to}`));
  return drawing.links.map(
    ({ key, pairs }) => html`<path
      key=${key}
      class="link"
      d=${layout.paths.get(key)}
      data-lit=${pairs.some(([from, to]) => lit.has(`${from} ${to}`))}
    />`,
  );
}

/** @param {{layout: GraphLayout, onToggle: (name: string) => void}} props */
const Frames = ({ layout, onToggle }) =>
  layout.frames.map(
    ({ name, x, y, width, height }) => html`<g key=${name} class="frame">
      <rect x=${x} y=${y} width=${width} height=${height} rx="8" />
      <g
        class="frame-close"
        data-frame=${name}
        role="button"
        tabindex="0"
        aria-label=${`× ${name}: close it`}
        onClick=${() => onToggle(name)}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          onToggle(name);
        }}
      >
        <rect x=${x + 4} y=${y + 3} width=${name.length * 7 + 30} height="18" rx="4" />
        <text x=${x + 12} y=${y + 16}>× ${name}</text>
      </g>
    </g>`,
  );

/** @param {GraphProps} props @param {Drawing} drawing @param {(at: number) => void} focused */
function blockActs({ onPick = nothing, onToggle = nothing }, drawing, focused) {
  /** @param {number} at */
  const press = (at) => {
    const { closed, id } = drawing.blocks[at];
    if (closed) onToggle(closed);
    else onPick(id);
  };
  return (/** @type {number} */ at) => ({
    onClick: () => press(at),
    onFocus: () => focused(at),
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      press(at);
    },
  });
}

/** @param {GraphProps & {drawing: Drawing, layout: GraphLayout}} props */
function Drawn({ drawing, layout, ...props }) {
  const { walk, index, label, picked } = props;
  const step = walk.steps[index];
  const state = stateAt(walk, index);
  const lit = litBy(step, walk.nodes);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const scale = useScale(box, layout.width);
  const { at, focused, onKeyDown } = useArrowKeys(box, drawing.blocks.length);
  const onToggle = useToggle(box, props.onToggle ?? nothing);
  const acts = blockActs({ ...props, onToggle }, drawing, focused);
  const changed = changedBy(step);
  /** @param {Block} block @param {number | null} id */
  const shows = ({ id: own, closed }, id) =>
    id !== null && (own === id || (closed !== null && closed === walk.nodes.get(id)?.group));
  const target = drawing.blocks.find((block) => shows(block, changed));
  useFollowing(box, target && layout.places.get(target.key), target?.width ?? 0, scale);

  return html`<div class="graph" ref=${box}>
    <svg
      role="group"
      aria-label=${`${label}: a graph of ${walk.nodes.size} values. ${keysText}`}
      width=${Math.round(layout.width * scale)}
      height=${Math.round(layout.height * scale)}
      viewBox="0 0 ${layout.width} ${layout.height}"
      onKeyDown=${onKeyDown}
    >
      <${Frames} layout=${layout} onToggle=${onToggle} />
      <${Links} drawing=${drawing} layout=${layout} edges=${lit.edges} />
      ${drawing.blocks.map(
        (block, i) => html`<${ValueBlock}
          key=${block.key}
          block=${block}
          place=${layout.places.get(block.key)}
          role=${walk.nodes.get(block.id)?.role}
          data=${state.known.has(block.id) ? walk.nodes.get(block.id)?.data : undefined}
          gradient=${state.gradients.get(block.id) ?? 0}
          lit=${lit.values.some((id) => shows(block, id))}
          changed=${shows(block, changed)}
          picked=${picked === block.id}
          common=${{ ...acts(i), ...labels(block, walk, state), tabindex: i === at ? 0 : -1 }}
        />`,
      )}
    </svg>
  </div>`;
}

/** @param {Block} block @param {Walk} walk @param {ReturnType<typeof stateAt>} state */
function labels({ id, closed }, walk, state) {
  const text = valueText(walk, id, state);
  return closed
    ? { role: "button", "aria-label": `${closed}: ${text}. Open it`, "data-group": closed }
    : { role: "img", "aria-label": text, "data-value": id };
}

/** @param {GraphProps} props */
export function TraceGraph(props) {
  const drawing = drawingOf(props.walk, props.open ?? none);
  const structure = structureOf(drawing);
  const layout = useMemo(() => layoutOf(drawing), [structure]);
  if (!layout)
    return html`<p class="note">
      ${drawing.blocks.length} values are too many to draw (${MOST_BLOCKS} at most). The
      table below has them all.
    </p>`;
  return html`<${Drawn} ...${props} drawing=${drawing} layout=${layout} />`;
}
