// Light, dark, or as the system says. theme.js applies the choice before the page shows.
import { html } from "htm/preact";
import { chooseTheme, themeChoice } from "../data/theme.js";
import { useStore } from "../store.js";
import { Icon } from "./icon.js";

const order = /** @type {const} */ (["auto", "light", "dark"]);
const icons = { auto: "auto", light: "sun", dark: "moon" };

export function ThemeSwitch() {
  const choice = useStore(themeChoice);
  const next = order[(order.indexOf(choice) + 1) % order.length];
  const label = `Theme: ${choice}. Switch to ${next}.`;
  return html`<button
    type="button"
    class="btn btn-quiet btn-icon"
    aria-label=${label}
    title=${label}
    onClick=${() => chooseTheme(next)}
  >
    <${Icon} name=${icons[choice]} />
  </button>`;
}
