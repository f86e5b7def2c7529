// The fields of a sweep itself, beside those of its runs' config. Fields of the base are
// named by their path: "base.lr".
import { isRelevant } from "./fields.js";
import { label } from "./format.js";

/** @typedef {Record<string, {label: string, help: string}>} Choices */

/** @type {Choices} */
const objectives = {
  time_to_target: {
    label: "Reach the target soonest",
    help: "Ranks by the training time to the target; what misses it comes after, by its best accuracy.",
  },
  accuracy_within: {
    label: "Be most accurate within the time budget",
    help: "Ranks by the best accuracy that each run has within its time budget.",
  },
  best_accuracy: {
    label: "Be most accurate",
    help: "Ranks by the best accuracy of each run, however long it takes.",
  },
  final_loss: {
    label: "Lowest final loss",
    help: "Ranks by the loss that each run ends with.",
  },
};

/** @type {Choices} */
const samplers = {
  grid: { label: "Every combination (grid)", help: "Runs every combination once." },
  random: {
    label: "At random",
    help: "Draws each setting by chance: covers many parameters with few runs.",
  },
  sobol: {
    label: "Spread evenly (Sobol)",
    help: "Like random, but leaves fewer gaps and repeats itself less.",
  },
  tpe: {
    label: "Learn from the results (TPE)",
    help: "After 10 settings at random, tries more of what did well; wants 30 or more.",
  },
};

/** @type {Choices} */
const pruners = {
  none: { label: "Let every run end", help: "Slowest, and every setting gets a fair chance." },
  median: {
    label: "Stop below the median",
    help: "Stops a run that is worse than half of the others were at its age.",
  },
  asha: {
    label: "Halve again and again (ASHA)",
    help: "Lets the best quarter go on at each rung of training time.",
  },
  projection: {
    label: "Stop what will not make it",
    help: "Stops a run whose curve will most likely miss the target.",
  },
};

/** @param {string} name @param {string} label @param {Choices} choices @returns {Field} */
const choice = (name, label, choices) => ({
  name,
  label,
  kind: "choice",
  nullable: false,
  choices: Object.keys(choices),
  words: Object.fromEntries(Object.entries(choices).map(([key, c]) => [key, c.label])),
  default: Object.keys(choices)[0],
  help: "",
});

/** @type {Record<string, Choices>} */
const choices = { objective: objectives, sampler: samplers, pruner: pruners };

/** @param {Partial<Field> & {name: string, label: string, help: string}} given @returns {Field} */
const field = (given) => ({
  kind: "integer",
  nullable: given.default === undefined,
  choices: [],
  default: null,
  ...given,
});

/** @type {Field[]} in the order in which a spec is written */
const own = [
  field({
    name: "name",
    label: "Name",
    kind: "text",
    default: "",
    help: "What to call the sweep.",
  }),
  field({
    name: "notes",
    label: "Notes",
    kind: "text",
    default: "",
    help: "Anything worth remembering.",
  }),
  choice("objective", "Look for", objectives),
  choice("sampler", "Settings to try", samplers),
  choice("pruner", "Runs that do badly", pruners),
  field({
    name: "max_runs",
    label: "Number of runs",
    help: "In all, the seeds of each setting counted.",
  }),
  field({
    name: "repeats",
    label: "Seeds per setting",
    default: 1,
    help: "Runs each setting so often, each time with another seed, and ranks it by the median.",
  }),
  field({
    name: "timed",
    label: "Time the runs",
    kind: "boolean",
    default: false,
    help: "One run at a time, so that wall times are clean. Otherwise settings are ranked by CPU seconds.",
  }),
  field({
    name: "parallel",
    label: "Runs at a time",
    empty: "one a worker",
    help: "No more than there are workers.",
  }),
  field({
    name: "time_budget_s",
    label: "Sweep's time budget (s)",
    kind: "number",
    help: "Seconds on the clock after which the whole sweep ends.",
  }),
  field({
    name: "eval_samples",
    label: "Samples between points",
    empty: "a 20th of an epoch",
    help: "Each run is measured after so many samples, whatever its batch size.",
  }),
  field({
    name: "seed",
    label: "Sampler's seed",
    default: 1,
    help: "The same seed tries the same settings.",
  }),
];

/** The sweep's own fields, in words that speak of what is chosen.
 * @param {Record<string, unknown>} values @returns {Field[]} */
export const ownFields = (values) =>
  own.map((field) => {
    const help = choices[field.name]?.[String(values[field.name])]?.help;
    if (help) return { ...field, help };
    const empty = values.sampler === "grid" ? "the whole grid" : "30 settings";
    return field.name === "max_runs" ? { ...field, empty } : field;
  });

/** @type {Record<string, Partial<Field>>} */
const renamed = {
  time_budget_s: {
    label: "Each run's time budget (s)",
    help: "Training seconds after which a run ends, wherever it is; none: no limit.",
  },
  seed: { label: "First seed", help: "Seeds of a setting count up from here." },
};

/** A field of the config as one of the base. @param {Field} field @returns {Field} */
export const inBase = (field) => ({
  ...field,
  label: label(field.name),
  ...renamed[field.name],
  name: `base.${field.name}`,
});

/** What may stand for several values of the optimizer. @param {SweepSpec} spec */
const optimizersOf = ({ base, space }) =>
  space.optimizer?.values ?? [base.optimizer];

/** Does a field of the config mean anything in this sweep?
 * @param {Field} field @param {SweepSpec} spec defaults filled in */
export const matters = (field, spec) =>
  optimizersOf(spec).some((optimizer) => isRelevant(field, { optimizer }));

/** Does a field of the sweep's own? @param {Field} field @param {SweepSpec} spec */
export function ownMatters({ name }, { timed, sampler }) {
  if (name === "parallel") return !timed;
  return name !== "seed" || sampler !== "grid";
}
