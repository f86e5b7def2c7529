// The frame around every page, and which page an address means.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { onUnauthorised } from "./api.js";
import { AwayBanner, Connection, DiskBanner } from "./components/connection.js";
import { Icon } from "./components/icon.js";
import { lazy } from "./components/lazy.js";
import { ThemeSwitch } from "./components/theme-switch.js";
import { Toasts } from "./components/toasts.js";
import { TokenForm } from "./components/token-form.js";
import { NotFoundPage } from "./pages/not-found-page.js";
import { href, useRoute } from "./router.js";

const AnatomyFrame = lazy(async () => (await import("./pages/anatomy/anatomy-frame.js")).AnatomyFrame);
const ComparePage = lazy(async () => (await import("./pages/compare/compare-page.js")).ComparePage);
const DatasetsPage = lazy(async () => (await import("./pages/datasets/datasets-page.js")).DatasetsPage);
const NewPage = lazy(async () => (await import("./pages/new/new-page.js")).NewPage);
const RunPage = lazy(async () => (await import("./pages/run/run-page.js")).RunPage);
const RunsPage = lazy(async () => (await import("./pages/runs/runs-page.js")).RunsPage);
const SweepsPage = lazy(async () => (await import("./pages/sweeps/list/sweeps-page.js")).SweepsPage);
const NewSweepPage = lazy(async () => (await import("./pages/sweeps/new/new-sweep-page.js")).NewSweepPage);
const SweepPage = lazy(async () => (await import("./pages/sweeps/sweep-page.js")).SweepPage);
const SystemPage = lazy(async () => (await import("./pages/system/system-page.js")).SystemPage);

/** @typedef {import("./logic/url.js").Route} Route */

const places = [
  { path: "", label: "Runs", page: RunsPage },
  { path: "sweeps", label: "Sweeps", page: SweepsPage },
  { path: "compare", label: "Compare", page: ComparePage },
  { path: "anatomy", start: "neuron", label: "Anatomy", page: AnatomyFrame },
  { path: "datasets", label: "Datasets", page: DatasetsPage },
  { path: "system", label: "System", page: SystemPage },
];

/** @param {Route} route */
function pageOf({ parts }) {
  if (parts[0] === "runs" && parts.length === 2) return RunPage;
  if (parts[0] === "sweeps" && parts.length === 2)
    return parts[1] === "new" ? NewSweepPage : SweepPage;
  if (parts[0] === "anatomy") return AnatomyFrame;
  if (parts[0] === "new" && parts.length === 1) return NewPage;
  const place = places.find(({ path }) => path === (parts[0] ?? ""));
  return parts.length <= 1 && place ? place.page : NotFoundPage;
}

/** @param {{route: Route}} props */
function Header({ route }) {
  const here = route.parts[0] ?? "";
  return html`<header class="header">
    <div class="header-inner">
      <a class="brand" href="#/">
        <img src="/assets/icon.svg" width="26" height="26" alt="" />
        Sweetspot
      </a>
      <nav class="nav" aria-label="Pages">
        ${places.map(
          ({ path, start, label }) => html`<a
            href=${href([path, start ?? ""].filter(Boolean))}
            aria-current=${path === here ? "page" : null}
            >${label}</a
          >`,
        )}
      </nav>
      <div class="header-end">
        <${Connection} />
        <${ThemeSwitch} />
        <a class="btn btn-primary" href="#/new"><${Icon} name="plus" /> New run</a>
      </div>
    </div>
  </header>`;
}

/** Moves the focus to the page when another one opens. @param {Route} route */
function useFocusOnChange(route) {
  const main = useRef(/** @type {HTMLElement | null} */ (null));
  const place = route.parts.join("/");
  const before = useRef(place);
  useEffect(() => {
    if (before.current !== place) main.current?.focus({ preventScroll: true });
    before.current = place;
    scrollTo(0, 0);
  }, [place]);
  return main;
}

export function App() {
  const route = useRoute();
  const main = useFocusOnChange(route);
  const [locked, setLocked] = useState(false);
  useEffect(() => onUnauthorised(() => setLocked(true)), []);
  const Page = pageOf(route);
  return html`<div class="shell">
    <a class="skip" href="#main" onClick=${skip}>Skip to the page</a>
    <${Header} route=${route} />
    <${AwayBanner} />
    <${DiskBanner} />
    <main class="page" id="main" tabindex="-1" ref=${main}>
      ${
        locked
          ? html`<${TokenForm} onDone=${() => location.reload()} />`
          : html`<${Page} key=${route.parts.join("/")} route=${route} />`
      }
    </main>
    <${Toasts} />
  </div>`;
}

/** The address's hash is the route, so the skip link moves the focus itself.
 * @param {MouseEvent} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
