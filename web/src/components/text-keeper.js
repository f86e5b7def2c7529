// Keeps what a person is typing as typed: "0.10" and "1e-" must not turn into 0.1 and
// nothing under their fingers.
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { parseText, same, textOf } from "../logic/config.js";
import { FieldInput } from "./field.js";

/**
 * @template T
 * @param {T} text what the value looks like when it is written out
 * @param {(text: T) => unknown} read what a text means
 * @returns {{current: T}} the text to show; set it to what was typed
 */
export function useTyped(text, read) {
  const typed = useRef(text);
  if (!same(read(typed.current), read(text))) typed.current = text;
  return typed;
}

/** @param {import("./field.js").FieldProps} props */
export function TextKeeper(props) {
  const { field, text, onChange } = props;
  const typed = useTyped(text, (value) =>
    typeof value === "string" ? parseText(field, value) : value,
  );
  /** @param {unknown} value */
  const change = (value) => {
    typed.current = value;
    onChange(value);
  };
  const kept = typeof text === "string" ? typed.current : text;
  return html`<${FieldInput} ...${props} text=${kept ?? textOf(text)} onChange=${change} />`;
}
