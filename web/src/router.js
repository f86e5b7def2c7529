// Where we are: the part of the address behind "#".
import { formatHash, parseHash } from "./logic/url.js";
import { createStore, useStore } from "./store.js";

const route = createStore(parseHash(location.hash));

addEventListener("hashchange", () => route.set(parseHash(location.hash)));

export const useRoute = () => useStore(route);

/** @param {string[]} parts @param {Record<string, unknown>} [query] */
export function navigate(parts, query) {
  location.hash = formatHash(parts, query);
}

/** Changes view state in the address without a step in the history; null removes.
 * @param {Record<string, unknown>} changes */
export function setQuery(changes) {
  const { parts, query } = route.value;
  history.replaceState(null, "", formatHash(parts, { ...query, ...changes }));
  route.set(parseHash(location.hash));
}

/** The same as a link's target.
 * @param {string[]} parts @param {Record<string, unknown>} [query] */
export const href = (parts, query) => formatHash(parts, query);
