// The samples that the model is worst at, with what it makes of them.
import { html } from "htm/preact";
import { getDataset, getSamples } from "../../../api.js";
import { MiniBars } from "../../../components/mini-bars.js";
import { Picture } from "../../../components/picture.js";
import { PlanePicture } from "../../../components/plane-picture.js";
import { SampleValues } from "../../../components/sample-values.js";
import { useLoaded } from "../../../data/load.js";
import { columnsOf } from "../../../logic/columns.js";
import { isPictures, isPlane } from "../../../logic/datasets.js";
import { count, short } from "../../../logic/format.js";
import { listTitle, verdict } from "../../../logic/mistakes.js";
import { givesProbabilities, outputNames } from "../../../logic/outputs.js";
import { href, setQuery } from "../../../router.js";

const DOTS = 300;

/** @typedef {import("../../../logic/mistakes.js").Filter} Filter */

/** What is needed to show samples that are no pictures: the columns, and of a plane other
 * samples to stand among. @typedef {{columns: Column[], samples: Samples["samples"]}} Ground */

/** @param {string} name of a dataset @returns {Promise<Ground>} */
async function groundOf(name) {
  const dataset = await getDataset(name);
  const columns = columnsOf(dataset);
  if (!isPlane(dataset)) return { columns, samples: [] };
  return { columns, samples: (await getSamples(name, "test", DOTS)).samples };
}

/** @param {{mistake: Mistake, answer: Mistakes, text: string, ground: Ground | null}} props */
function Shown({ mistake, answer, text, ground }) {
  const label = `Test sample ${mistake.index}: ${text}`;
  const { pixels, values = [] } = mistake;
  if (pixels) {
    const { width, height } = answer;
    return html`<${Picture} values=${pixels} width=${width} height=${height} label=${label} />`;
  }
  if (values.length === 2)
    return html`<${PlanePicture} samples=${ground?.samples ?? []} place=${values} label=${label} />`;
  return ground && html`<${SampleValues} columns=${ground.columns} values=${values} label=${label} />`;
}

/** @param {{run: Run, mistake: Mistake, answer: Mistakes, ground: Ground | null}} props */
function Example({ run, mistake, answer, ground }) {
  const { index, label, predicted, loss, outputs } = mistake;
  const probabilities = givesProbabilities(run);
  const [says, sure] = verdict(mistake, answer.classes, probabilities);
  const open = href(["runs", String(run.id)], { tab: "try", sample: index });
  return html`<li class="mistake" data-sample=${index}>
    <${Shown} mistake=${mistake} answer=${answer} text=${`${says} ${sure}`} ground=${ground} />
    <p class="verdict">${says} <span class="sure">${sure}</span></p>
    <${MiniBars}
      outputs=${outputs}
      names=${outputNames(answer.classes, outputs.length)}
      probabilities=${probabilities}
      said=${outputs.length === 1 ? -1 : predicted}
      right=${outputs.length === 1 ? -1 : label}
    />
    <p class="mistake-facts muted numbers">
      <a href=${open} aria-label=${`Try it with test sample ${index}`}>#${index}</a>
      <span>loss ${short(loss, 3)}</span>
    </p>
  </li>`;
}

/** @param {{filter: Filter}} props */
function Everything({ filter }) {
  if (filter.actual === null && filter.predicted === null) return null;
  return html`<button
    type="button"
    class="btn btn-small"
    onClick=${() => setQuery({ actual: null, predicted: null, pages: null })}
  >
    Show all mistakes
  </button>`;
}

/** @param {{answer: Mistakes}} props */
function BarsNote({ answer }) {
  const { classes, worst } = answer;
  if (worst[0].outputs.length === 1)
    return html`The bar is the model's only output: to the right it says ${classes[1]}, to
      the left ${classes[0]}.`;
  return html`Bars: what the model puts on each class;${" "}
    <span class="said-mark">orange</span> is what it says,${" "}
    <span class="right-mark">blue</span> what is right.`;
}

/** @param {{run: Run, answer: Mistakes, filter: Filter, more: boolean,
 *   pages: number}} props */
export function Examples({ run, answer, filter, more, pages }) {
  const name = run.config.dataset;
  const ground = useLoaded(
    () => (isPictures(answer) ? Promise.resolve(null) : groundOf(name)),
    [name],
  );
  const rows = ground.value && ground.value.columns.length !== 2;
  return html`<section class="stack">
    <div class="row spread">
      <h2>${listTitle(filter, answer)}</h2>
      <${Everything} filter=${filter} />
    </div>
    ${
      answer.worst.length > 0
        ? html`<p class="muted small prose">
              Highest loss first. <${BarsNote} answer=${answer} />
            </p>
            <ul class=${`mistakes-list ${rows ? "mistakes-rows" : ""}`}>
              ${answer.worst.map(
                (mistake) => html`<${Example}
                  key=${mistake.index}
                  run=${run}
                  mistake=${mistake}
                  answer=${answer}
                  ground=${ground.value}
                />`,
              )}
            </ul>`
        : html`<p class="note">No sample is in this cell of the table.</p>`
    }
    ${
      more &&
      html`<div>
        <button type="button" class="btn" onClick=${() => setQuery({ pages: pages + 1 })}>
          Show more (${count(answer.total - answer.worst.length)} left)
        </button>
      </div>`
    }
  </section>`;
}
