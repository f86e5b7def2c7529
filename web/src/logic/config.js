// Between a run's config, the texts in a form, and the JSON that is sent. The server
// judges values; here texts only become the JSON they look like.

/** @typedef {Record<string, unknown>} Values */

/** @param {unknown} a @param {unknown} b */
export function same(a, b) {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/**
 * Only what differs from the defaults, in the order of the fields.
 * @param {Values} config @param {Values} defaults @returns {Values}
 */
export function difference(config, defaults) {
  const names = [...Object.keys(defaults), ...Object.keys(config)];
  /** @type {Values} */
  const changed = {};
  for (const name of names)
    if (name in config && !same(config[name], defaults[name]))
      changed[name] = config[name];
  return changed;
}

/**
 * "" is null where null is allowed; text that is no number stays text.
 * @param {Field} field @param {string} text @returns {unknown}
 */
export function parseText(field, text) {
  const trimmed = text.trim();
  if (trimmed === "") return field.nullable ? null : field.kind === "text" ? "" : text;
  if (field.kind === "list")
    return [
      ...new Set(
        trimmed
          .split(",")
          .map((tag) => tag.trim())
          .filter(Boolean),
      ),
    ];
  if (field.kind !== "integer" && field.kind !== "number") return text;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : text;
}

/** The text that stands in a field's box. @param {unknown} value */
export function textOf(value) {
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** A config from the address, or nothing. @param {string | undefined} text @returns {Values} */
export function readConfig(text) {
  try {
    const value = JSON.parse(text ?? "");
    return value && typeof value === "object" && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

/** What POST /runs wants to launch the same run again. @param {Run} run @returns {Values} */
export function cloneBody(run) {
  const name = run.name || run.config.name;
  return {
    ...run.config,
    ...(name ? { name } : {}),
    ...(run.tags?.length ? { tags: run.tags } : {}),
    parent: run.id,
  };
}

/** JSON for people: indented, lists of plain values on one line. @param {Values} body */
export const pretty = (body) =>
  JSON.stringify(body, null, 2).replace(/\[\n[^[\]{}]*?\n\s*\]/g, (list) =>
    list.replace(/\n\s*/g, " ").replace("[ ", "[").replace(/ \]$/, "]"),
  );

/** The same launch as a command for a shell. @param {Values} body @param {string} url */
export function curl(body, url) {
  const text = JSON.stringify(body).replace(/'/g, `'\\''`);
  return `curl ${url} -H 'Content-Type: application/json' -d '${text}'`;
}
