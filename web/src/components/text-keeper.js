// Keeps what a person is typing as typed: "0.10" and "1e-" must not turn into 0.1 and
// nothing under their fingers.
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { parseText, same, textOf } from "../logic/config.js";
import { FieldInput } from "./field.js";

/** @param {import("./field.js").FieldProps} props */
export function TextKeeper(props) {
  const { field, text, onChange } = props;
  const typed = useRef(text);
  const means = (/** @type {unknown} */ value) =>
    typeof value === "string" ? parseText(field, value) : value;
  if (!same(means(typed.current), means(text))) typed.current = text;
  /** @param {unknown} value */
  const change = (value) => {
    typed.current = value;
    onChange(value);
  };
  const kept = typeof text === "string" ? typed.current : text;
  return html`<${FieldInput} ...${props} text=${kept ?? textOf(text)} onChange=${change} />`;
}
