// Reads the safetensors format: the header's length as 8 bytes, little-endian; the header,
// JSON; then the numbers of all tensors.

const LENGTH_SIZE = 8;

/** @typedef {{shape: number[], data: Float32Array}} Tensor */

/**
 * Throws where the file is not what it says.
 * @param {ArrayBuffer} buffer a whole file, all float32
 * @returns {Map<string, Tensor>} in the order of the header
 */
export function readSafetensors(buffer) {
  const { header, start } = readHeader(buffer);
  /** @type {Map<string, Tensor>} */
  const tensors = new Map();
  for (const [name, entry] of Object.entries(header))
    if (name !== "__metadata__") tensors.set(name, readTensor(buffer, start, name, entry));
  return tensors;
}

/** @param {ArrayBuffer} buffer */
function readHeader(buffer) {
  if (buffer.byteLength < LENGTH_SIZE) throw new Error("not a safetensors file");
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const start = LENGTH_SIZE + length;
  if (start > buffer.byteLength) throw new Error("the file is cut short");
  const text = new TextDecoder().decode(new Uint8Array(buffer, LENGTH_SIZE, length));
  return { header: /** @type {Record<string, any>} */ (JSON.parse(text)), start };
}

/** @param {ArrayBuffer} buffer @param {number} start of the numbers
 * @param {string} name @param {any} entry @returns {Tensor} */
function readTensor(buffer, start, name, { dtype, shape, data_offsets: offsets }) {
  if (dtype !== "F32") throw new Error(`${name} is ${dtype}, not F32`);
  const [from, to] = offsets;
  const count = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
  if (to - from !== 4 * count || start + to > buffer.byteLength)
    throw new Error(`${name} is cut short`);
  const view = new DataView(buffer, start + from, to - from);
  const data = Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
  return { shape, data };
}
