// Copies a text.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Icon } from "./icon.js";

const DONE_MS = 1500;

/** Also where there is no clipboard interface: pages that are not secure contexts.
 * @param {string} text */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** @param {{text: string, label: string}} props */
export function CopyButton({ text, label }) {
  const [done, setDone] = useState(false);
  const press = async () => {
    await copy(text).then(
      () => setDone(true),
      () => {},
    );
    setTimeout(() => setDone(false), DONE_MS);
  };
  return html`<button type="button" class="btn btn-small btn-quiet" onClick=${press}>
    <${Icon} name=${done ? "check" : "copy"} size=${14} />
    ${done ? "Copied" : label}
  </button>`;
}
