// In which order the units of a layer stand.
import { html } from "htm/preact";
import { Segments } from "../../../components/segments.js";
import { setQuery } from "../../../router.js";

const orders = [
  { value: "index", label: "Number" },
  { value: "norm", label: "Norm" },
];

/** @param {{order: string}} props */
export function OrderSwitch({ order }) {
  return html`<${Segments}
    legend="Sorted by"
    options=${orders}
    value=${order}
    onChange=${(/** @type {string} */ value) =>
      setQuery({ sort: value === "norm" ? value : null })}
  />`;
}
