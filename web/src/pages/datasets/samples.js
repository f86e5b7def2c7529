// Samples as what they are: pictures, points in the plane, or rows of a table.
import { html } from "htm/preact";
import { Picture } from "../../components/picture.js";
import { isPictures, isPlane } from "../../logic/datasets.js";
import { SampleTable } from "./sample-table.js";
import { Scatter } from "./scatter.js";

/** @typedef {Samples["samples"][number]} Sample */

/** @param {{sample: Sample, name: string, width: number, height: number}} props */
function SamplePicture({ sample, name, width, height }) {
  return html`<figure class="picture">
    <${Picture} values=${sample.values} width=${width} height=${height} label=${name} />
    <figcaption title=${name}>${name}</figcaption>
  </figure>`;
}

/** @param {{dataset: Dataset, answer: Samples}} props */
export function SampleView({ dataset, answer }) {
  const { samples, width, height } = answer;
  if (isPlane(dataset)) return html`<${Scatter} dataset=${dataset} samples=${samples} />`;
  if (!isPictures(dataset))
    return html`<${SampleTable} dataset=${dataset} samples=${samples} />`;
  return html`<div class="pictures">
    ${samples.map(
      (sample) => html`<${SamplePicture}
        key=${sample.index}
        sample=${sample}
        name=${dataset.class_names[sample.label] ?? String(sample.label)}
        width=${width}
        height=${height}
      />`,
    )}
  </div>`;
}
