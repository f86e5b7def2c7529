// What a form for a launch needs to know: the fields, datasets, presets, measured speeds.
import { getDatasets, getOpenapi, getPresets, getSystem } from "../api.js";
import { fieldsOf } from "../logic/fields.js";

/** @param {"run" | "sweep"} kind of presets */
export async function loadForm(kind) {
  const [openapi, datasets, presets, system] = await Promise.all([
    getOpenapi(),
    getDatasets(),
    getPresets(),
    getSystem(),
  ]);
  return {
    fields: fieldsOf(openapi),
    datasets,
    presets: presets.filter((preset) => preset.kind === kind),
    speeds: system.speed ?? [],
    workers: system.workers.length,
  };
}
