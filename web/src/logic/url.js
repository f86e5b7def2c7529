// All view state lives in the address: #/runs/12?tab=config&x=epoch

/**
 * @typedef {{parts: string[], query: Record<string, string>}} Route
 */

/** @param {string} hash @returns {Route} */
export function parseHash(hash) {
  const [path, query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  const parts = path.split("/").filter(Boolean).map(decode);
  return { parts, query: Object.fromEntries(new URLSearchParams(query)) };
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param {string[]} parts
 * @param {Record<string, unknown>} [query] null, undefined and "" are left out
 */
export function formatHash(parts, query = {}) {
  const used = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== "")
      used.set(name, String(value));
  const text = used.toString().replace(/%2C/g, ",");
  return `#/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/** "3,1,3,x" -> [3, 1]. @param {string | undefined} text @returns {number[]} */
export function parseIds(text) {
  const ids = (text ?? "").split(",").map(Number);
  return [...new Set(ids.filter((id) => Number.isSafeInteger(id) && id > 0))];
}
