// What the New page needs to know: the fields, datasets, presets and measured speeds.
import { getDatasets, getOpenapi, getPresets, getSystem } from "../api.js";
import { fieldsOf } from "../logic/fields.js";

export async function loadForm() {
  const [openapi, datasets, presets, system] = await Promise.all([
    getOpenapi(),
    getDatasets(),
    getPresets(),
    getSystem(),
  ]);
  const runPresets = presets.filter((preset) => preset.kind === "run");
  return {
    fields: fieldsOf(openapi),
    datasets,
    presets: runPresets,
    speeds: system.speed ?? [],
  };
}
