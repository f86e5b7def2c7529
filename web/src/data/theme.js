// The chosen theme, and which one it comes to.
import { createStore } from "../store.js";

/** @typedef {"auto" | "light" | "dark"} Theme */

const system = matchMedia("(prefers-color-scheme: dark)");

/** @returns {Theme} */
function stored() {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "auto";
}

export const themeChoice = createStore(stored());

const resolve = () =>
  themeChoice.value === "auto" ? (system.matches ? "dark" : "light") : themeChoice.value;

/** "light" or "dark": what charts, which do not follow CSS, are drawn for. */
export const theme = createStore(resolve());

system.addEventListener("change", () => theme.set(resolve()));

/** @param {Theme} choice */
export function chooseTheme(choice) {
  if (choice === "auto") {
    localStorage.removeItem("theme");
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem("theme", choice);
    document.documentElement.dataset.theme = choice;
  }
  themeChoice.set(choice);
  theme.set(resolve());
}
