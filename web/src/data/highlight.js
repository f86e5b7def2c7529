// The run that the pointer is over: it lights up everywhere on the page.
import { createStore } from "../store.js";

export const highlighted = createStore(/** @type {number | null} */ (null));
