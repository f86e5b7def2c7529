// Traces made by hand, as POST /anatomy would answer.

/** @param {number} id @param {object} rest */
const node = (id, rest) => ({
  id,
  label: "",
  op: "",
  inputs: [],
  data: 0,
  grad: 0,
  local: [],
  group: null,
  role: "inner",
  ...rest,
});

/** @param {object[]} rows in topological order @param {number} output */
export function traceOf(rows, output = rows.length - 1) {
  const nodes = rows.map((rest, id) => node(id, rest));
  const ids = nodes.map(({ id }) => id);
  return { nodes, forward: ids, backward: [...ids].reverse(), output };
}

const leaf = (label, data, role) => ({ label, data, role });

/** y = a*a + a at a = 3: a is used three times. */
export const usedThrice = () =>
  traceOf([
    leaf("a", 3, "variable"),
    { op: "*", inputs: [0, 0], data: 9, local: [3, 3] },
    { label: "y", op: "+", inputs: [1, 0], data: 12, local: [1, 1], role: "output" },
  ]);

/** out = tanh(w1 x1 + b) at 0.5 x 2 - 0.5, as the engine adds: from the bias. */
export const neuron = () =>
  traceOf([
    leaf("w1", 0.5, "weight"),
    leaf("x1", 2, "input"),
    leaf("b", -0.5, "bias"),
    { op: "*", inputs: [0, 1], data: 1, local: [2, 0.5] },
    { op: "+", inputs: [2, 3], data: 0.5, local: [1, 1] },
    {
      label: "out",
      op: "tanh",
      inputs: [4],
      data: 0.46211714,
      local: [0.7864477],
      role: "output",
    },
  ]);

/** `count` neurons of two values each over one input, summed: more than fit one by one. */
export function crowd(count) {
  const neurons = Array.from({ length: count }, (_, i) => {
    const at = 1 + 2 * i;
    const group = `layer 1 neuron ${i + 1}`;
    return [
      { ...leaf(`w${i + 1}`, i, "weight"), group },
      { op: "*", inputs: [at, 0], data: i, local: [1, i], group, label: `n${i + 1}` },
    ];
  });
  const first = 1 + 2 * count;
  const sums = Array.from({ length: count - 1 }, (_, i) => ({
    op: "+",
    inputs: [i === 0 ? 2 : first + i - 1, 4 + 2 * i],
    local: [1, 1],
  }));
  return traceOf([leaf("x1", 1, "input"), ...neurons.flat(), ...sums]);
}
