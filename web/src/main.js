// Starts the page.
import { html } from "htm/preact";
import { render } from "preact";
import { App } from "./app.js";
import { startLive } from "./live.js";

startLive();
render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById("app")));
