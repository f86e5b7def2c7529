// After a refusal: the first control that is wrong gets the focus, unfolded if need be.

export function focusFirstError() {
  const wrong = /** @type {HTMLElement | null} */ (
    document.querySelector('form [aria-invalid="true"], form [data-invalid="true"]')
  );
  wrong?.closest("details")?.setAttribute("open", "");
  wrong?.focus();
}
