// A button that opens a small panel below itself. The browser's popover closes it on
// Escape and on a click elsewhere.
import { html } from "htm/preact";
import { useId, useRef, useState } from "preact/hooks";

const GAP = 4;

/** @param {HTMLElement} panel @param {HTMLElement} button */
function place(panel, button) {
  const anchor = button.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const left = Math.min(anchor.left, innerWidth - width - 8);
  const fits = anchor.bottom + GAP + height < innerHeight;
  const top = fits ? anchor.bottom + GAP : Math.max(8, anchor.top - GAP - height);
  panel.style.left = `${Math.max(8, left)}px`;
  panel.style.top = `${top}px`;
}

/**
 * @param {{label: unknown, title?: string, className?: string, keepOpen?: boolean,
 *   children: unknown}} props `title` names a button that shows only an icon
 */
export function Menu({ label, title, className = "btn", keepOpen, children }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const panel = useRef(/** @type {HTMLDivElement | null} */ (null));

  /** @param {ToggleEvent} event */
  function toggled(event) {
    setOpen(event.newState === "open");
    if (event.newState === "open" && panel.current && button.current)
      place(panel.current, button.current);
  }

  /** @param {MouseEvent} event */
  function clicked(event) {
    const onItem = /** @type {HTMLElement} */ (event.target).closest("button, a");
    if (onItem && !keepOpen) panel.current?.hidePopover();
  }

  return html`<button
      ref=${button}
      type="button"
      class=${className}
      popovertarget=${id}
      aria-label=${title}
      title=${title}
      aria-expanded=${open}
    >
      ${label}
    </button>
    <div ref=${panel} id=${id} class="menu" popover="auto" onToggle=${toggled} onClick=${clicked}>
      ${open && children}
    </div>`;
}
