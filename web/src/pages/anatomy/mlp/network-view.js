// The network as columns of tiles, a column a layer, with a line for every weight.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../../components/icon.js";
import { edgesOf, layoutTiles } from "../../../logic/anatomy/mlp-layout.js";
import { unitName } from "../../../logic/anatomy/mlp-units.js";
import { MAX_WIDTH, withLayer, withNeurons } from "../../../logic/anatomy/mlp-state.js";
import { plural } from "../../../logic/format.js";
import { placed, UnitPicture, UnitTile } from "./unit-tile.js";

/** @typedef {import("../../../logic/anatomy/mlp-state.js").Settings} Settings */
/** @typedef {import("../../../logic/anatomy/mlp-units.js").Unit} Unit */

/**
 * @typedef {object} NetworkProps
 * @property {Settings} settings
 * @property {LayerValues[]} layers
 * @property {Float64Array[][]} surfaces  of the inputs, then of each layer's units
 * @property {number} cells
 * @property {import("./paint.js").Colours} colours
 * @property {Unit | null} selected
 * @property {Unit | null} shown
 * @property {(unit: Unit | null) => void} onHover
 * @property {(unit: Unit) => void} onSelect
 * @property {(changes: Partial<Settings>) => void} onChange
 */

const HEADING = 64;

/** @returns {[{current: HTMLElement | null}, number]} */
function useWidth() {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.floor(entry.contentRect.width)),
    );
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}

/** @param {NetworkProps & {layer: number}} props */
function NeuronButtons({ settings, layer, onChange }) {
  const fewer = withNeurons(settings, layer, -1);
  const more = withNeurons(settings, layer, 1);
  /** @param {number[] | null} hidden @param {string} icon @param {string} label */
  const button = (hidden, icon, label) => html`<button
    type="button"
    class="btn btn-icon"
    aria-label=${label}
    disabled=${!hidden}
    onClick=${() => hidden && onChange({ hidden })}
  >
    <${Icon} name=${icon} size=${12} />
  </button>`;
  return html`<span class="neuron-buttons">
    ${button(fewer, "cut", `Remove a neuron from hidden layer ${layer + 1}`)}
    ${button(more, "plus", `Add a neuron to hidden layer ${layer + 1}`)}
  </span>`;
}

/** @param {NetworkProps & {column: number, middle: number}} props */
function Heading(props) {
  const { surfaces, column, middle } = props;
  const hidden = column > 0 && column < surfaces.length - 1;
  const name = column === 0 ? "Inputs" : hidden ? `Hidden ${column}` : "Outputs";
  const place = placed({ left: middle - HEADING / 2, width: HEADING });
  const width = surfaces[column].length;
  return html`<div class="column-head" ref=${place}>
    <span>${name}</span>
    ${hidden ? html`<${NeuronButtons} ...${props} layer=${column - 1} />` : null}
    ${hidden && width > MAX_WIDTH && html`<span>${width}</span>`}
  </div>`;
}

/** @param {NetworkProps & {layout: ReturnType<typeof layoutTiles>}} props */
function Edges({ layers, layout, shown }) {
  const { width, height } = layout;
  return html`<svg class="tile-edges" width=${width} height=${height} aria-hidden="true">
    ${edgesOf(layout).map(({ layer, from, to, d }) => {
      const weight = layers[layer].weights[to][from];
      const own = shown && shown.layer === layer && shown.unit === to;
      return html`<path
        key=${`${layer} ${to} ${from}`}
        class="edge ${weight < 0 ? "minus" : "plus"} ${shown ? (own ? "lit" : "dim") : ""}"
        d=${d}
        stroke-width=${Math.min(6, 0.3 + 1.1 * Math.abs(weight)).toFixed(2)}
      />`;
    })}
  </svg>`;
}

/** @param {NetworkProps & {layout: ReturnType<typeof layoutTiles>}} props */
function Tiles(props) {
  const { surfaces, cells, colours, selected, layout, onHover, onSelect } = props;
  const { tile, columns } = layout;
  return html`${columns.map(
    ({ left, width, seats }, column) => html`
    <${Heading} key=${`head ${column}`} ...${props} column=${column} middle=${left + width / 2} />
    ${seats.map((seat, unit) => {
      const common = { values: surfaces[column][unit], cells, colours };
      const size = { left: seat.left, top: seat.top, width: tile, height: tile };
      if (column === 0)
        return html`<div key=${`0 ${unit}`} class="unit" ref=${placed(size)}>
          <${UnitPicture} ...${common} /><span class="unit-name">x${unit + 1}</span>
        </div>`;
      const here = { layer: column - 1, unit };
      return html`<${UnitTile}
        key=${`${column} ${unit}`}
        ...${common}
        seat=${seat}
        tile=${tile}
        name=${unitName(here, surfaces.length - 1)}
        pressed=${selected?.layer === here.layer && selected.unit === unit}
        onHover=${(/** @type {boolean} */ over) => onHover(over ? here : null)}
        onSelect=${() => onSelect(here)}
      />`;
    })}
  `,
  )}`;
}

/** @param {NetworkProps} props */
function LayerButtons({ settings, onChange }) {
  const { hidden } = settings;
  const more = withLayer(settings);
  return html`<div class="row">
    <span class="muted small">${plural(hidden.length, "hidden layer")}</span>
    <button
      type="button"
      class="btn btn-small"
      disabled=${hidden.length === 0}
      onClick=${() => onChange({ hidden: hidden.slice(0, -1) })}
    >
      <${Icon} name="cut" size=${12} /> Remove layer
    </button>
    <button
      type="button"
      class="btn btn-small"
      disabled=${!more}
      onClick=${() => more && onChange({ hidden: more })}
    >
      <${Icon} name="plus" size=${12} /> Add layer
    </button>
  </div>`;
}

/** @param {NetworkProps} props */
export function NetworkView(props) {
  const [box, width] = useWidth();
  const sizes = props.surfaces.map((units) => units.length);
  const layout = width > 0 ? layoutTiles(sizes, width) : null;
  return html`<section class="card stack">
    <div class="row spread">
      <h2>What each neuron sees</h2>
      <${LayerButtons} ...${props} />
    </div>
    <div class="tile-scroll">
      <div
        class="network"
        ref=${(/** @type {HTMLElement | null} */ element) => {
          box.current = element;
          if (layout)
            placed({ height: layout.height, "min-width": layout.width })(element);
        }}
      >
        ${layout && html`<${Edges} ...${props} layout=${layout} />`}
        ${layout && html`<${Tiles} ...${props} layout=${layout} />`}
      </div>
    </div>
    <p class="small muted">
      A tile is the plane as one neuron sees it: blue where it says more than 0, orange
      where less. Lines are weights, in the same colours.
    </p>
  </section>`;
}
