// The pages that take a network apart, under one heading.
import { html } from "htm/preact";
import { lazy } from "../../components/lazy.js";
import { PageTitle } from "../../components/page-title.js";
import { href } from "../../router.js";
import { NotFoundPage } from "../not-found-page.js";

const FormulaPage = lazy(async () => (await import("./formula/formula-page.js")).FormulaPage);
const LayerPage = lazy(async () => (await import("./layer/layer-page.js")).LayerPage);
const MlpPage = lazy(async () => (await import("./mlp/mlp-page.js")).MlpPage);
const NeuronPage = lazy(async () => (await import("./neuron/neuron-page.js")).NeuronPage);

/** In the order in which they build on each other; each renders its body only. */
const pages = [
  { path: "neuron", label: "Neuron", title: "Anatomy of a neuron", page: NeuronPage },
  { path: "layer", label: "Layer", title: "Anatomy of a layer", page: LayerPage },
  { path: "mlp", label: "MLP", title: "Anatomy of an MLP", page: MlpPage },
  { path: "formula", label: "Formula", title: "Anatomy of a formula", page: FormulaPage },
];

/** @param {{route: import("../../logic/url.js").Route}} props */
export function AnatomyFrame({ route }) {
  const path = route.parts[1] ?? pages[0].path;
  const current = pages.find((page) => page.path === path);
  if (!current || route.parts.length > 2) return html`<${NotFoundPage} />`;
  return html`<${PageTitle} title=${current.title} />
    <nav class="tabs anatomy-tabs" aria-label="Anatomy">
      ${pages.map(
        (page) => html`<a
          key=${page.path}
          href=${href(["anatomy", page.path])}
          aria-current=${page === current ? "page" : null}
          >${page.label}</a
        >`,
      )}
    </nav>
    <${current.page} route=${route} />`;
}
