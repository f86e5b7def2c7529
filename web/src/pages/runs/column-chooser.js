// Which columns the table has. Kept in the address, and for the next visit.
import { html } from "htm/preact";
import { Icon } from "../../components/icon.js";
import { Menu } from "../../components/menu.js";
import { setQuery } from "../../router.js";
import { chosenColumns, columns, defaultKeys } from "./columns.js";

const STORAGE = "runs.columns";

/** @param {Record<string, string>} query @returns {string | undefined} */
export const columnsText = (query) =>
  query.cols ?? localStorage.getItem(STORAGE) ?? undefined;

/** @param {string[]} keys */
function choose(keys) {
  const text = keys.join() === defaultKeys.join() ? null : keys.join();
  if (text) localStorage.setItem(STORAGE, text);
  else localStorage.removeItem(STORAGE);
  setQuery({ cols: text });
}

/** @param {{query: Record<string, string>}} props */
export function ColumnChooser({ query }) {
  const chosen = chosenColumns(columnsText(query)).map((column) => column.key);
  /** @param {string} key @param {boolean} shown */
  const toggle = (key, shown) =>
    choose(
      columns.map((c) => c.key).filter((k) => (k === key ? shown : chosen.includes(k))),
    );
  const label = html`<${Icon} name="columns" />`;
  return html`<${Menu} label=${label} title="Columns" className="btn btn-icon" keepOpen>
    ${columns
      .filter((column) => column.key !== "name")
      .map(
        (column) => html`<label class="check" key=${column.key}>
          <input
            type="checkbox"
            checked=${chosen.includes(column.key)}
            onChange=${(/** @type {any} */ e) => toggle(column.key, e.target.checked)}
          />
          ${column.label}
        </label>`,
      )}
    <hr />
    <button type="button" onClick=${() => choose(defaultKeys)}>As delivered</button>
  <//>`;
}
