// The first layer's weights as pictures: what each unit looks for in a sample.
import { html } from "htm/preact";
import { useMemo } from "preact/hooks";
import { SignedCanvas, SignedLegend } from "../../../components/signed-canvas.js";
import { count, short } from "../../../logic/format.js";
import { scaleOf, unitsOf } from "../../../logic/weights.js";
import { setQuery } from "../../../router.js";
import { OrderSwitch } from "./order-switch.js";

const PAGE = 64;
const MOST = 256;

/** @typedef {import("../../../logic/weights.js").Layer} Layer */
/** @typedef {import("../../../logic/weights.js").Unit} Unit */

/** @param {{unit: Unit, name: string, dataset: Dataset, scale: number}} props */
function Tile({ unit, name, dataset, scale }) {
  const label = `${name}: norm ${short(unit.norm, 3)}, bias ${short(unit.bias, 3)}`;
  return html`<figure class="weight-tile" title=${label} data-unit=${unit.index}>
    <${SignedCanvas}
      values=${unit.weights}
      width=${dataset.width}
      height=${dataset.height}
      scale=${scale}
      label=${label}
    />
    <figcaption>${name.replace(/^Unit /, "")}</figcaption>
  </figure>`;
}

/**
 * @param {{layer: Layer, name: string, last: boolean, dataset: Dataset,
 *   order: "index" | "norm", query: Record<string, string>}} props `last`: its units are
 *   the classes
 */
export function Tiles({ layer, name, last, dataset, order, query }) {
  const units = useMemo(() => unitsOf(layer, order), [layer, order]);
  const scale = useMemo(() => scaleOf(layer.weight), [layer]);
  const asked = PAGE * Math.max(1, Math.trunc(Number(query.pages)) || 1);
  const shown = Math.min(units.length, MOST, asked);
  const most = Math.min(units.length, MOST);
  return html`<section class="stack">
    <div class="row spread">
      <h2>What ${name} looks for</h2>
      <${OrderSwitch} order=${order} />
    </div>
    <p class="muted small prose">
      One picture a ${last ? "class" : "unit"}: bright pixels of a sample push it up where
      it is blue and down where it is orange. Grain that looks like noise is noise: pixels
      that are always dark never change their weights.
    </p>
    <${SignedLegend} scale=${scale} />
    <div class="weight-tiles">
      ${units.slice(0, shown).map(
        (unit) => html`<${Tile}
          key=${unit.index}
          unit=${unit}
          name=${last ? dataset.class_names[unit.index] : `Unit ${unit.index + 1}`}
          dataset=${dataset}
          scale=${scale}
        />`,
      )}
    </div>
    ${
      shown < most &&
      html`<div>
        <button
          type="button"
          class="btn"
          onClick=${() => setQuery({ pages: Math.round(shown / PAGE) + 1 })}
        >
          Show more (${count(most - shown)} left)
        </button>
      </div>`
    }
    ${
      shown === MOST &&
      units.length > MOST &&
      html`<p class="muted small">
        ${count(units.length - MOST)} more units are not shown; sorted by norm, the
        heaviest come first.
      </p>`
    }
  </section>`;
}
