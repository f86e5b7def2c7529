// What a dataset's models are measured on: a share of its rows, or files of its own.
import { html } from "htm/preact";
import { FileInput } from "../../../components/file-input.js";
import { Inputs } from "../../../components/inputs.js";
import { Segments } from "../../../components/segments.js";
import { shareField } from "./fields.js";

const ways = [
  { value: "share", label: "A share of the rows" },
  { value: "file", label: "A file of its own" },
];

/**
 * @param {{way: string, share: unknown, labels: boolean, errors: Record<string, string>,
 *   onWay: (way: string) => void, onShare: (share: unknown) => void,
 *   onFile: (name: "test" | "test_labels", file: File | null) => void}} props `labels`: they come in a
 *   file apart
 */
export function TestPart({ way, share, labels, errors, onWay, onShare, onFile }) {
  return html`<div class="stack">
    <div class="row"><${Segments} legend="Tested on" options=${ways} value=${way} onChange=${onWay} /></div>
    ${
      way === "share"
        ? html`<div class="form-grid">
            <${Inputs}
              fields=${[shareField]}
              values=${{ test_share: share }}
              errors=${errors}
              onChange=${(/** @type {string} */ _, /** @type {unknown} */ value) => onShare(value)}
            />
          </div>`
        : html`<div class="form-grid files-grid">
            <${FileInput}
              name="test"
              label="Test file"
              help="The same columns or picture size as the training file."
              error=${errors.test}
              onFile=${(/** @type {File | null} */ file) => onFile("test", file)}
            />
            ${
              labels &&
              html`<${FileInput}
                name="test_labels"
                label="Test labels"
                help="IDX: the class of each test sample."
                error=${errors.test_labels}
                onFile=${(/** @type {File | null} */ file) => onFile("test_labels", file)}
              />`
            }
          </div>`
    }
  </div>`;
}
