// The guided tour: a card that stays in sight beside the page, which stays usable. Each
// step lights up the part that it talks about.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../../components/icon.js";
import { prefersStillness } from "../../../data/motion.js";
import { isDone, TOUR_STEPS } from "../../../logic/anatomy/tour.js";
import { tourSteps } from "./tour-steps.js";

/** @typedef {import("./tour-steps.js").TourContext} TourContext */

/** Lights up a part of the page, and brings it into sight.
 * @param {string} part @param {boolean} moved  the person has just come here */
function useLight(part, moved) {
  useEffect(() => {
    const target = document.querySelector(`[data-part="${part}"]`);
    target?.setAttribute("data-toured", "true");
    if (moved)
      target?.scrollIntoView({
        block: "nearest",
        behavior: prefersStillness() ? "instant" : "smooth",
      });
    return () => target?.removeAttribute("data-toured");
  }, [part]);
}

/** @param {() => void} onLeave */
function useEscape(onLeave) {
  useEffect(() => {
    const pressed = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") onLeave();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  });
}

/** A new step's heading gets the focus; a page that opens at one leaves it where it is.
 * @param {number} tour @param {boolean} started by the person, just now */
function useFocusOnStep(tour, started) {
  const heading = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  const before = useRef(started ? 0 : tour);
  const moved = before.current !== tour;
  useEffect(() => {
    if (moved) heading.current?.focus({ preventScroll: true });
    before.current = tour;
  }, [tour]);
  return { heading, moved };
}

/**
 * @param {TourContext & {tour: number, index: number, started: boolean,
 *   onGo: (tour: number) => void, onLeave: () => void}} props
 */
export function Tour({ tour, index, started, onGo, onLeave, ...context }) {
  const step = tourSteps[tour - 1];
  const { heading, moved } = useFocusOnStep(tour, started);
  useLight(step.part, moved);
  useEscape(onLeave);
  const done = isDone(context.state, context.walk, index);
  const last = tour === TOUR_STEPS;
  return html`<section class="card tour" aria-labelledby="tour-title" data-tour=${tour}>
    <div class="row spread">
      <p class="small muted">Tour, step ${tour} of ${TOUR_STEPS}</p>
      <button type="button" class="btn btn-quiet btn-small" onClick=${onLeave}>
        Skip the tour
      </button>
    </div>
    <h2 id="tour-title" tabindex="-1" ref=${heading}>${step.title}</h2>
    <div class="tour-text">${step.text(context)}</div>
    <p class="tour-task" role="status" data-done=${done}>
      <${Icon} name=${done ? "check" : "play"} size=${14} />
      <span>
        <strong>${done ? "Done." : "Try it:"}</strong> ${done ? step.done(context) : step.task}
      </span>
    </p>
    <div class="row">
      <button
        type="button"
        class="btn"
        aria-disabled=${tour === 1 ? "true" : null}
        onClick=${() => tour > 1 && onGo(tour - 1)}
      >
        Back
      </button>
      <button
        type="button"
        class="btn btn-primary"
        onClick=${() => (last ? onLeave() : onGo(tour + 1))}
      >
        ${last ? "Finish the tour" : "Next step of the tour"}
      </button>
    </div>
  </section>`;
}
