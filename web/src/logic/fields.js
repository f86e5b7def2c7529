// The New form's fields, made from the schema that the server describes itself with, so
// that the form can never disagree with the server.

/** @typedef {{title: string, names: string[]}} Section */

/** @type {Section[]} */
export const sections = [
  { title: "Data and model", names: ["dataset", "activation", "hidden"] },
  {
    title: "Training",
    names: ["lr", "optimizer", "batch_size", "epochs", "batching", "seed"],
  },
  { title: "Goal", names: ["target_accuracy", "stop_at_target", "time_budget_s"] },
];

/** Shown apart from the generated sections. */
const labelling = ["name", "tags", "notes"];

/** Fields that mean something only with these optimizers. @type {Record<string, string[]>} */
const optimizerFields = {
  momentum: ["sgd", "rmsprop"],
  nesterov: ["sgd"],
  beta1: ["adam", "adamw"],
  beta2: ["adam", "adamw", "rmsprop"],
  eps: ["adam", "adamw", "rmsprop"],
};

/** @param {any} property a JSON Schema @returns {Field["kind"]} */
function kindOf(property) {
  const types = [property.type].flat();
  if (property.enum) return "choice";
  if (types.includes("array"))
    return [property.items?.type].flat().includes("integer") ? "layers" : "list";
  if (types.includes("integer")) return "integer";
  if (types.includes("number")) return "number";
  return types.includes("boolean") ? "boolean" : "text";
}

/** @param {string} name @param {any} property @returns {Field} */
function readField(name, property) {
  return {
    name,
    kind: kindOf(property),
    nullable: [property.type].flat().includes("null"),
    choices: (property.enum ?? [])
      .filter((/** @type {unknown} */ c) => c !== null)
      .map(String),
    default: property.default ?? null,
    help: property.description ?? "",
    minimum: property.minimum ?? property.exclusiveMinimum,
    maximum: property.maximum ?? property.exclusiveMaximum,
  };
}

/** @param {any} openapi @returns {Field[]} in the order of the schema */
export function fieldsOf(openapi) {
  const properties = openapi?.components?.schemas?.RunConfig?.properties ?? {};
  return Object.entries(properties).map(([name, property]) => readField(name, property));
}

/** @param {Field[]} fields @returns {Record<string, unknown>} */
export function defaultsOf(fields) {
  return Object.fromEntries(fields.map((field) => [field.name, field.default]));
}

/**
 * Is there anything to choose? @param {Field} field @param {Record<string, unknown>} values
 */
export function isRelevant(field, values) {
  if (field.kind === "choice" && field.choices.length < 2) return false;
  const optimizers = optimizerFields[field.name];
  return !optimizers || optimizers.includes(String(values.optimizer));
}

/**
 * The form's sections, the rest last as "Advanced".
 * @param {Field[]} fields
 * @returns {{main: {title: string, fields: Field[]}[], advanced: Field[]}}
 */
export function arrange(fields) {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const taken = new Set([...labelling, ...sections.flatMap((section) => section.names)]);
  const main = sections.map(({ title, names }) => ({
    title,
    fields: names.flatMap((name) => byName.get(name) ?? []),
  }));
  return { main, advanced: fields.filter((field) => !taken.has(field.name)) };
}
