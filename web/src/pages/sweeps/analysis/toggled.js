/** The set without the key, or with it. @param {Set<string>} keys @param {string} key */
export function toggled(keys, key) {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}
