// The colours to paint with, again after a change of theme.
import { useMemo } from "preact/hooks";
import { theme } from "../../../data/theme.js";
import { useStore } from "../../../store.js";
import { readColours } from "./paint.js";

export function useColours() {
  const look = useStore(theme);
  return useMemo(() => readColours(document.body), [look]);
}
