// The reader of model files.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readSafetensors } from "../../web/src/logic/safetensors.js";

/** A file of float32 tensors, its header padded as writers do or not at all. */
function file(header, values, padding = 0) {
  const text = JSON.stringify(header) + " ".repeat(padding);
  const buffer = new ArrayBuffer(8 + text.length + 4 * values.length);
  const view = new DataView(buffer);
  view.setBigUint64(0, BigInt(text.length), true);
  new Uint8Array(buffer, 8).set(new TextEncoder().encode(text));
  values.forEach((value, i) => view.setFloat32(8 + text.length + 4 * i, value, true));
  return buffer;
}

const header = {
  __metadata__: { format: "pt" },
  "layers.0.weight": { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
  "layers.0.bias": { dtype: "F32", shape: [2], data_offsets: [24, 32] },
};
const values = [1, 2, 3, 4, 5, 6, 0.5, -0.25];

test("tensors come with name, shape and numbers, wherever the header ends", () => {
  for (const padding of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const tensors = readSafetensors(file(header, values, padding));
    assert.deepEqual([...tensors.keys()], ["layers.0.weight", "layers.0.bias"]);
    const { shape, data } = tensors.get("layers.0.weight");
    assert.deepEqual(shape, [2, 3]);
    assert.ok(data instanceof Float32Array);
    assert.deepEqual([...data], [1, 2, 3, 4, 5, 6]);
    assert.deepEqual([...tensors.get("layers.0.bias").data], [0.5, -0.25]);
  }
});

test("what is cut short or of another type is refused in words", () => {
  const whole = file(header, values);
  assert.throws(() => readSafetensors(new ArrayBuffer(4)), /not a safetensors file/);
  assert.throws(() => readSafetensors(whole.slice(0, 40)), /cut short/);
  assert.throws(() => readSafetensors(whole.slice(0, -1)), /layers.0.bias is cut short/);
  const half = { x: { dtype: "F16", shape: [2], data_offsets: [0, 4] } };
  assert.throws(() => readSafetensors(file(half, [0])), /x is F16, not F32/);
  const wrong = { x: { dtype: "F32", shape: [3], data_offsets: [0, 4] } };
  assert.throws(() => readSafetensors(file(wrong, [0])), /x is cut short/);
});
