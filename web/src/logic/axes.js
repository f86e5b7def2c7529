// The four ways to count training, one click apart on every chart.

/** @type {Record<Axis, {label: string, title: string}>} */
export const axes = {
  step: { label: "Step", title: "step" },
  epoch: { label: "Epoch", title: "epoch" },
  samples: { label: "Samples", title: "samples seen" },
  train_seconds: { label: "Seconds", title: "training seconds" },
};

/** @param {unknown} name @returns {Axis} */
export function axisOf(name) {
  return typeof name === "string" && Object.hasOwn(axes, name)
    ? /** @type {Axis} */ (name)
    : "step";
}

/** @type {Record<Metric, {label: string, accuracy: boolean}>} */
export const metrics = {
  test_accuracy: { label: "Test accuracy", accuracy: true },
  train_accuracy: { label: "Train accuracy", accuracy: true },
  val_accuracy: { label: "Validation accuracy", accuracy: true },
  test_loss: { label: "Test loss", accuracy: false },
  train_loss: { label: "Train loss", accuracy: false },
  val_loss: { label: "Validation loss", accuracy: false },
  lr: { label: "Learning rate", accuracy: false },
  grad_norm: { label: "Gradient norm", accuracy: false },
};

/** @param {unknown} name @returns {Metric} */
export function metricOf(name) {
  return typeof name === "string" && Object.hasOwn(metrics, name)
    ? /** @type {Metric} */ (name)
    : "test_accuracy";
}
