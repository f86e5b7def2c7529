// Everything around one network in training: settings, buttons, tiles, surface, loss.
import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { getDataset, getSamples } from "../../../api.js";
import { LoadNote } from "../../../components/notes.js";
import { useLoaded } from "../../../data/load.js";
import { useViewState } from "../../../data/view-state.js";
import {
  accuracyOf,
  forward,
  gridColumns,
  reachOf,
} from "../../../logic/anatomy/forward.js";
import {
  readSettings,
  speeds,
  startSettings,
  structureOf,
  writeSettings,
} from "../../../logic/anatomy/mlp-state.js";
import { readUnit, unitName, writeUnit } from "../../../logic/anatomy/mlp-units.js";
import { setQuery } from "../../../router.js";
import { DecisionSurface } from "./decision-surface.js";
import { LossChart } from "./loss-chart.js";
import { MlpControls } from "./mlp-controls.js";
import { NetworkView } from "./network-view.js";
import { PlaygroundNotes, RunLinks } from "./playground-notes.js";
import { SampleGraph } from "./sample-graph.js";
import { Numbers, Transport } from "./transport.js";
import { UnitDetail } from "./unit-detail.js";
import { useColours } from "./use-colours.js";
import { useTraining } from "./use-training.js";

/** @typedef {import("../../../logic/anatomy/mlp-state.js").Settings} Settings */
/** @typedef {import("../../../logic/anatomy/mlp-units.js").Unit} Unit */
/** @typedef {import("../../../data/training.js").Training} Training */
/** @typedef {{run: Run, settings: Settings,
 *   origin: import("../../../data/training.js").Origin,
 *   past: {x: number, y: number | null}[]}} Opened `past`: the run's losses by step */
/** @typedef {Awaited<ReturnType<typeof loadPoints>>} Points */

const POINTS = 1000;
const DRAWN = 400;
const SPEED = 10;
const STEP_MS = 1000;

/** @param {string} dataset */
async function loadPoints(dataset) {
  const [info, train, held] = await Promise.all([
    getDataset(dataset),
    getSamples(dataset, "train", POINTS),
    getSamples(dataset, "test", POINTS),
  ]);
  return {
    info,
    reach: reachOf(train.samples),
    shown: train.samples.slice(0, DRAWN),
    test: held.samples,
  };
}

/** The step goes into the address now and then, and when training rests.
 * @param {Training} training */
function useStepInAddress(training) {
  const written = useRef({ step: training.step, at: 0 });
  useEffect(() => {
    const { step, busy, origin } = training;
    const due = performance.now() - written.current.at > STEP_MS;
    if (step === written.current.step || (busy && !due)) return;
    written.current = { step, at: performance.now() };
    setQuery({ step: step > origin.step ? step : null });
  });
}

/** The settings and what changes them: another structure leaves an opened run behind.
 * @param {Record<string, string>} query @param {Settings} base @param {boolean} isRun */
function useSettings(query, base, isRun) {
  /** @param {Settings} next */
  const write = (next) => {
    const leaves = isRun && structureOf(next) !== structureOf(base);
    if (!leaves) return writeSettings(next, base);
    return { ...writeSettings(next, startSettings), run: null, step: null, unit: null };
  };
  return useViewState(query, (given) => readSettings(given, base), write);
}

/** What every unit says at every place of a grid; finer where there are few units.
 * @param {Training} training @param {string} activation @param {number} reach */
function useSurfaces(training, activation, reach) {
  const { layers } = training;
  return useMemo(() => {
    const units = (layers ?? []).reduce((sum, { biases }) => sum + biases.length, 0);
    const cells = units > 64 ? 24 : 48;
    const inputs = gridColumns(reach, cells);
    return {
      cells,
      surfaces: layers ? [inputs, ...forward(layers, activation, inputs)] : null,
    };
  }, [layers, activation, reach]);
}

/** @param {Training} training @param {Settings} settings @param {Points} points */
function useTestAccuracy(training, { activation }, { test }) {
  const { layers } = training;
  return useMemo(
    () => (layers ? accuracyOf(layers, activation, test) : null),
    [layers, activation, test],
  );
}

/**
 * @typedef {object} LoadedProps
 * @property {Record<string, string>} query
 * @property {Training} training
 * @property {Settings} settings
 * @property {Points} points
 * @property {(changes: Partial<Settings>) => void} change
 * @property {Opened | null} opened
 */

/** @param {LoadedProps} props */
function Pictures({ query, training, settings, points, change, opened }) {
  const colours = useColours();
  const [hovered, setHovered] = useState(/** @type {Unit | null} */ (null));
  const { cells, surfaces } = useSurfaces(training, settings.activation, points.reach);
  const { layers } = training;
  const sizes = (layers ?? []).map(({ biases }) => biases.length);
  if (!layers || !surfaces) return html`<${LoadNote} error=${null} what="the network" />`;
  const selected = readUnit(query.unit, sizes);
  const there = hovered && hovered.unit < (sizes[hovered.layer] ?? 0) ? hovered : null;
  const shown = there ?? selected;
  /** @param {Unit | null} unit */
  const select = (unit) => setQuery({ unit: writeUnit(unit) });
  const toggle = (/** @type {Unit} */ unit) =>
    select(writeUnit(unit) === writeUnit(selected) ? null : unit);
  const common = { layers, surfaces, cells, colours, shown };
  return html`<div class="playground">
    <div class="stack playground-side">
      <${DecisionSurface}
        ...${common}
        reach=${points.reach}
        samples=${points.shown}
        classNames=${points.info.class_names}
        title=${shown ? unitName(shown, layers.length) : points.info.title.toLowerCase()}
        accuracy=${training.accuracy}
        step=${training.step}
      />
      <${UnitDetail}
        unit=${shown}
        activation=${settings.activation}
        layers=${layers}
        onClose=${() => select(null)}
      />
    </div>
    <div class="stack playground-main">
      <${NetworkView}
        ...${common}
        settings=${settings}
        selected=${selected}
        onHover=${setHovered}
        onSelect=${toggle}
        onChange=${change}
      />
      <${Losses} query=${query} training=${training} opened=${opened} />
    </div>
    <${SampleGraph}
      query=${query}
      layers=${layers}
      activation=${settings.activation}
      samples=${points.shown}
      classNames=${points.info.class_names}
    />
  </div>`;
}

/** @param {Pick<LoadedProps, "query" | "training" | "opened">} props */
function Losses({ query, training, opened }) {
  const hidden = new Set((query.hide ?? "").split(",").filter(Boolean));
  const toggle = (/** @type {string} */ key) => {
    if (!hidden.delete(key)) hidden.add(key);
    setQuery({ hide: [...hidden].join() });
  };
  const props = { training, opened, hidden, onToggle: toggle };
  return html`<${LossChart} ...${props} />`;
}

/** @param {{query: Record<string, string>, base: Settings, opened: Opened | null}} props */
export function Playground({ query, base, opened }) {
  const [settings, setSettings] = useSettings(query, base, Boolean(opened));
  const { value, error, reload } = useLoaded(
    () => loadPoints(settings.dataset),
    [settings.dataset],
  );
  const points = value?.info.name === settings.dataset ? value : null;
  const isOpen = opened !== null && structureOf(settings) === structureOf(base);
  const origin = isOpen ? opened.origin : undefined;
  const training = useTraining(settings, origin, Number(query.step) || 0);
  const speed = speeds.find((value) => String(value) === query.speed) ?? SPEED;
  training.stepsAFrame = speed;
  useStepInAddress(training);
  const change = (/** @type {Partial<Settings>} */ changes) =>
    setSettings({ ...settings, ...changes });
  if (!points)
    return html`<${LoadNote} error=${error} what=${settings.dataset} onRetry=${reload} />`;
  const common = { query, training, settings, points, change };
  return html`<${Loaded} ...${common} opened=${isOpen ? opened : null} speed=${speed} />`;
}

/** @param {LoadedProps & {speed: number}} props */
function Loaded(props) {
  const { training, settings, points, change, opened, speed } = props;
  const setSpeed = (/** @type {number} */ value) =>
    setQuery({ speed: value === SPEED ? null : value });
  const testAccuracy = useTestAccuracy(training, settings, points);
  return html`<${MlpControls}
      settings=${settings}
      points=${points.info.train_count}
      onChange=${change}
    />
    <div class="row spread">
      <${Transport}
        training=${training}
        speed=${speed}
        onSpeed=${setSpeed}
      />
      <${RunLinks} settings=${settings} training=${training} opened=${opened} />
    </div>
    <${PlaygroundNotes} training=${training} opened=${opened} />
    <${Numbers} training=${training} testAccuracy=${testAccuracy} />
    <${Pictures} ...${props} />`;
}
