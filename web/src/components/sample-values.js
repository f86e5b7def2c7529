// What a sample of a table looks like: its values in the units of the file.
import { html } from "htm/preact";
import { userText } from "../logic/columns.js";
import { count } from "../logic/format.js";
import { Clipped } from "./clipped.js";

const MOST = 12;

/** @param {{columns: Column[], values: number[], label: string}} props */
export function SampleValues({ columns, values, label }) {
  const left = columns.length - MOST;
  return html`<table class="sample-values">
    <caption class="visually-hidden">${label}</caption>
    <tbody>
      ${columns.slice(0, MOST).map(
        (column, i) => html`<tr key=${i}>
          <th scope="row"><${Clipped} text=${column.name} /></th>
          <td class="num">${userText(column, values[i])}</td>
        </tr>`,
      )}
      ${left > 0 && html`<tr><td class="muted" colspan="2">and ${count(left)} more</td></tr>`}
    </tbody>
  </table>`;
}
