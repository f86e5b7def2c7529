// A pad to draw a digit on: with mouse, finger or pen, or with the arrow keys.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { lengthened, onPad, PAD, PEN } from "../../../logic/strokes.js";
import { paintInk } from "./ink.js";

/** @typedef {import("../../../logic/strokes.js").Stroke} Stroke */
/** @typedef {import("../../../logic/strokes.js").Place} Place */

const STEP = 10;
/** @type {Record<string, Place>} */
const moves = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** @param {CanvasRenderingContext2D} context @param {number[]} values a square picture */
function paintSample(context, values) {
  const side = Math.sqrt(values.length);
  const size = PAD / side;
  values.forEach((value, i) => {
    context.fillStyle = `rgb(${value} ${value} ${value})`;
    const [x, y] = [i % side, Math.floor(i / side)];
    context.fillRect(x * size, y * size, size, size);
  });
}

/** Places of an event on the pad, those in between included.
 * @param {PointerEvent} event @param {Element} canvas @returns {Place[]} */
function placesOf(event, canvas) {
  const box = canvas.getBoundingClientRect();
  const events = event.getCoalescedEvents?.() ?? [];
  return (events.length ? events : [event]).map(({ clientX, clientY }) => [
    onPad(((clientX - box.left) * PAD) / box.width),
    onPad(((clientY - box.top) * PAD) / box.height),
  ]);
}

/**
 * @param {{strokes: Stroke[], sample: Samples["samples"][number] | null,
 *   onStrokes: (strokes: Stroke[]) => void, onDrawing: (drawing: boolean) => void,
 *   onClear: () => void}} props
 */
export function DrawPad({ strokes, sample, onStrokes, onDrawing, onClear }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const newest = useRef(strokes);
  newest.current = strokes;
  const pointer = useRef(/** @type {number | null} */ (null));
  const [cursor, setCursor] = useState(
    /** @type {{at: Place, down: boolean} | null} */ (null),
  );

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    paintInk(context, strokes, PEN);
    if (!strokes.length && sample) paintSample(context, sample.values);
  }, [strokes, sample]);

  /** Events come faster than the page is drawn. @param {Stroke[]} list */
  function change(list) {
    newest.current = list;
    onStrokes(list);
  }

  /** @param {PointerEvent} event */
  function pressed(event) {
    if (event.button !== 0 || pointer.current !== null || !canvas.current) return;
    pointer.current = event.pointerId;
    canvas.current.setPointerCapture(event.pointerId);
    setCursor(null);
    onDrawing(true);
    change([...newest.current, placesOf(event, canvas.current).slice(-1)]);
  }

  /** @param {PointerEvent} event */
  function moved(event) {
    if (event.pointerId !== pointer.current || !canvas.current) return;
    change(placesOf(event, canvas.current).reduce(lengthened, newest.current));
  }

  /** @param {PointerEvent} event */
  function released(event) {
    if (event.pointerId !== pointer.current) return;
    pointer.current = null;
    onDrawing(false);
  }

  const undo = () => change(newest.current.slice(0, -1));

  /** @param {KeyboardEvent} event */
  function keyPressed(event) {
    const { at, down } = cursor ?? { at: /** @type {Place} */ ([PAD / 2, PAD / 2]), down: false };
    const move = moves[event.key];
    if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
    else if (event.ctrlKey || event.altKey || event.metaKey) return;
    else if (event.key === "Delete" || event.key === "Backspace") onClear();
    else if (event.key === " " || event.key === "Enter") {
      setCursor({ at, down: !down });
      if (!down) change([...newest.current, [at]]);
    } else if (move) {
      /** @type {Place} */
      const to = [onPad(at[0] + move[0]), onPad(at[1] + move[1])];
      setCursor({ at: to, down });
      if (down) change(lengthened(newest.current, to));
    } else return;
    event.preventDefault();
  }

  return html`<div class="pad-box">
    <div
      class="pad"
      tabindex="0"
      role="application"
      aria-roledescription="drawing pad"
      aria-label="Draw a digit. Arrow keys move the pen, Space puts it down or lifts it, Delete clears."
      onKeyDown=${keyPressed}
      onBlur=${() => setCursor(null)}
    >
      <canvas
        ref=${canvas}
        width=${PAD}
        height=${PAD}
        aria-hidden="true"
        onPointerDown=${pressed}
        onPointerMove=${moved}
        onPointerUp=${released}
        onPointerCancel=${released}
      />
      ${!strokes.length && !sample && html`<span class="pad-empty">Draw a digit here</span>`}
      ${
        cursor &&
        html`<svg class="pad-cursor" viewBox="0 0 ${PAD} ${PAD}" aria-hidden="true">
          <circle
            class=${cursor.down ? "pen-down" : ""}
            cx=${cursor.at[0]}
            cy=${cursor.at[1]}
            r=${PEN / 2}
          />
        </svg>`
      }
    </div>
    <div class="row">
      <button type="button" class="btn btn-small" disabled=${!strokes.length} onClick=${undo}>
        Undo
      </button>
      <button
        type="button"
        class="btn btn-small"
        disabled=${!strokes.length && !sample}
        onClick=${onClear}
      >
        Clear
      </button>
    </div>
  </div>`;
}
