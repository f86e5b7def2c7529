// Runs for the doctor: seven broken on purpose, ten healthy ones, and what it must say.
import fs from "node:fs";

const preset = (name) => JSON.parse(fs.readFileSync(`config/presets/${name}.json`, "utf8")).config;

/** Each preset's planted cause, as the code of the rule that must come first. */
export const broken = [
  ["91-broken-zero-weights", "units_alike"],
  ["92-broken-rate-too-high", "lr_too_high"],
  ["93-broken-rate-too-low", "lr_too_low"],
  ["94-broken-dead-relu", "dead_relu"],
  ["95-broken-inputs-unscaled", "inputs_unscaled"],
  ["96-broken-one-batch-an-epoch", "too_few_samples"],
  ["97-broken-sorted-data", "unshuffled"],
].map(([name, planted]) => ({ planted, config: preset(name) }));

const mnist = { dataset: "mnist", epochs: 2, train_samples: 20000 };

/** Different in everything a person would choose differently; nothing is wrong with any. */
export const healthy = [
  { ...preset("20-ninety-percent-fast") },
  { ...mnist, name: "SGD, batch 32", hidden: [128], lr: 0.1, batch_size: 32 },
  { ...mnist, name: "Two layers, momentum", hidden: [64, 32], lr: 0.02, momentum: 0.9, batch_size: 64 },
  { ...mnist, name: "Adam, batch 128", hidden: [64], optimizer: "adam", lr: 0.002, batch_size: 128 },
  { ...mnist, name: "Tanh, Xavier", hidden: [64], activation: "tanh", init: "xavier", lr: 0.1, batch_size: 32 },
  { ...mnist, name: "Gelu, AdamW, cosine", hidden: [64, 64], activation: "gelu", optimizer: "adamw", lr: 0.002, schedule: "cosine", batch_size: 64 },
  { ...mnist, name: "Linear classifier", hidden: [], lr: 0.1, batch_size: 32 },
  { ...mnist, name: "He, dropout, clipped", hidden: [128], init: "he", dropout: 0.2, grad_clip: 1, lr: 0.2, batch_size: 64 },
  preset("80-moons"),
  preset("75-micrograd-demo"),
];

/** Launches all, waits, and asks about each: [{config, state, first, findings}].
 * @param {Awaited<ReturnType<typeof import("./client.mjs").startLab>>} lab */
export async function examine(lab, configs) {
  const ids = [];
  for (const config of configs) {
    const { status, body } = await lab.json("POST", "/runs", config);
    if (status !== 201) throw new Error(JSON.stringify(body));
    ids.push(body.id);
  }
  const seen = [];
  for (const [i, id] of ids.entries()) {
    const run = await lab.waitFor(id, ["finished", "diverged"]);
    const { status, body } = await lab.json("GET", `/runs/${id}/diagnosis`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    seen.push({ config: configs[i], run, diagnosis: body, codes: body.findings.map(({ code }) => code) });
  }
  return seen;
}
