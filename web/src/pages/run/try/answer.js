// What the model takes an input for: in words, and as a bar for every class.
import { html } from "htm/preact";
import { Clipped } from "../../../components/clipped.js";
import { count, isNumber } from "../../../logic/format.js";
import {
  barRange,
  givesProbabilities,
  looksLike,
  outputNames,
  outputText,
  shownOutputs,
} from "../../../logic/outputs.js";

/** @typedef {import("../../../data/prediction.js").Prediction} Prediction */

/** @param {{value: number | null, range: [number, number], look: string}} props */
function Bar({ value, range: [low, high], look }) {
  const at = (/** @type {number} */ x) => (100 * (x - low)) / (high - low);
  const size = isNumber(value) ? value : 0;
  return html`<svg width="100%" height="12" aria-hidden="true">
    <rect class="bar-ground" width="100%" height="12" rx="2" />
    <rect
      class=${look}
      x="${at(Math.min(0, size))}%"
      width="${Math.abs(at(size) - at(0))}%"
      height="12"
      rx="2"
    />
  </svg>`;
}

/**
 * @param {{names: string[], prediction: Prediction | null, right: number,
 *   probabilities: boolean}} props `right`: the true class, -1: not known
 */
function Bars({ names, prediction, right, probabilities }) {
  const outputs = prediction?.outputs ?? names.map(() => null);
  const range = barRange(outputs, probabilities);
  const said = names.length === 1 ? -1 : (prediction?.label ?? -1);
  const shown = shownOutputs(outputs, right);
  const left = names.length - shown.length;
  return html`<table class="answer-bars">
    <thead class="visually-hidden">
      <tr>
        <th scope="col">Class</th>
        <th scope="col">Bar</th>
        <th scope="col">${probabilities ? "Probability" : "Output"}</th>
      </tr>
    </thead>
    <tbody>
      ${shown.map((i) => {
        const mark = i === said ? "said" : "";
        const look = i === said ? (right < 0 || right === i ? "bar-right" : "bar-said") : "bar-other";
        return html`<tr key=${i} class=${mark} data-class=${i}>
          <th scope="row"><${Clipped} text=${names[i]} />${i === right && html`<span class="truth" title="what it is"> ✓<span class="visually-hidden"> (what it is)</span></span>`}</th>
          <td><${Bar} value=${outputs[i]} range=${range} look=${look} /></td>
          <td class="num">${prediction ? outputText(outputs[i], probabilities) : ""}</td>
        </tr>`;
      })}
    </tbody>
    ${
      left > 0 &&
      html`<tfoot>
        <tr><td class="muted small" colspan="3">${count(left)} classes with less are not shown.</td></tr>
      </tfoot>`
    }
  </table>`;
}

/** @param {Prediction} prediction @param {string[]} classes @param {boolean} probabilities */
const sentence = ({ outputs, label }, classes, probabilities) =>
  looksLike(classes[label], outputs, label, probabilities);

/**
 * @param {{run: Run, classes: string[], prediction: Prediction | null,
 *   truth: string | null, right: number, empty: string, busy: boolean,
 *   error: Error | null, children?: unknown}} props `busy`: it still changes
 */
export function Answer(props) {
  const { run, classes, prediction, truth, right, empty, busy, error } = props;
  const probabilities = givesProbabilities(run);
  const wrong = truth !== null && prediction !== null && prediction.label !== right;
  const names = outputNames(classes, prediction?.outputs.length ?? classes.length);
  return html`<div class="answer-top">
      ${props.children}
      <div class="answer-words" role="status" aria-live=${busy ? "off" : "polite"}>
        <p class="looks-like">
          ${prediction ? sentence(prediction, classes, probabilities) : empty}
        </p>
        ${
          prediction &&
          truth !== null &&
          html`<p class=${wrong ? "answer-wrong" : "muted"}>
            ${wrong ? `Wrong: it is ${truth}` : `Right: it is ${truth}`}
          </p>`
        }
      </div>
    </div>
    ${error && html`<p class="note note-bad" role="alert">${error.message}</p>`}
    <${Bars}
      names=${names}
      prediction=${prediction}
      right=${names.length === 1 ? -1 : right}
      probabilities=${probabilities}
    />
    ${
      !probabilities &&
      html`<p class="muted small">
        Trained with ${String(run.config.loss)}, the model gives outputs, not
        probabilities${names.length === 1 ? `: above 0 it says ${classes[1]}, else ${classes[0]}` : ""}.
      </p>`
    }`;
}
