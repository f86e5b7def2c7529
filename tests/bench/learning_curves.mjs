// Real learning curves for the calibration of engine/search/projection: configs drawn at
// random, from learning rates far too small to far too large, each trained by the command
// line. Two sets that share neither a seed nor a config: one to tune by, one held out.

import { trainBeside } from './trainer.mjs'

/** @typedef {{config: any, points: [number, number][]}} Curve  [seconds, accuracy] */

/** Numbers from 0 to 1 (mulberry32), so that a set is always the same configs. */
const randomOf = seed => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

const logUniform = (random, low, high) => low * (high / low) ** random()
const pick = (random, ...choices) => choices[Math.floor(random() * choices.length)]

const pictures = ['mnist', 'mnist', 'mnist', 'mnist', 'fashion-mnist', 'fashion-mnist']
const drawings = ['moons', 'circles', 'spirals', 'spirals', 'xor']

/** What is learned, and for about how many samples in all. */
const drawTask = random => {
  if (random() < 0.3) {
    const samples = logUniform(random, 5000, 200000)
    return { samples, dataset: pick(random, ...drawings), train_samples: 1000 }
  }
  const train_samples = pick(random, 1000, 5000, 10000, 20000, 60000)
  const test_samples = pick(random, 2000, 5000, 10000)
  const samples = logUniform(random, 5000, 300000)
  return { samples, dataset: pick(random, ...pictures), train_samples, test_samples }
}

const drawOptimizer = random => {
  const optimizer = pick(random, 'sgd', 'sgd', 'sgd', 'adam', 'adamw', 'rmsprop')
  if (optimizer !== 'sgd') return { optimizer, lr: logUniform(random, 1e-5, 0.1) }
  const momentum = pick(random, 0, 0, 0.9)
  return { optimizer, momentum, lr: logUniform(random, 1e-3, 3) * (1 - momentum) }
}

const drawConfig = (random, seed) => {
  const { samples, ...task } = drawTask(random)
  const batch_size = Math.min(2 ** Math.floor(2 + 9 * random()), task.train_samples)
  const batching = random() < 0.08 ? 'one_batch' : 'shuffled'
  const perEpoch =
    batching === 'one_batch' ? 1 : Math.ceil(task.train_samples / batch_size)
  const steps = Math.max(60, Math.min(40000, Math.round(samples / batch_size)))
  const points = 15 + Math.floor(46 * random())
  const hidden = pick(random, [], [16], [64], [128], [64, 64], [32, 32, 32])
  return {
    ...task,
    ...drawOptimizer(random),
    seed,
    batch_size,
    batching,
    hidden,
    activation: pick(random, 'relu', 'relu', 'tanh', 'sigmoid'),
    loss: pick(random, 'cross_entropy', 'cross_entropy', 'cross_entropy', 'mse'),
    schedule: pick(random, 'constant', 'constant', 'constant', 'cosine', 'one_cycle'),
    dropout: hidden.length > 0 ? pick(random, 0, 0, 0, 0.3) : 0,
    epochs: Math.max(1, Math.ceil(steps / perEpoch)),
    eval_every: Math.max(1, Math.floor(steps / points)),
    points,
  }
}

/** Ends at the drawn number of points, wherever in an epoch that is. */
const record = async ({ points, ...config }) => {
  const printed = (await trainBeside({ ...config, time_budget_s: 2 })).slice(0, points)
  return {
    config,
    points: printed.map(point => [
      Number(point.train_seconds.toPrecision(4)),
      Number(point.test_accuracy.toFixed(4)),
    ]),
  }
}

const sets = {
  tuning: { seed: 1000, count: 240 },
  heldOut: { seed: 770000, count: 160 },
}

/**
 * @param {'tuning' | 'heldOut'} name
 * @param {(done: number, of: number) => void} told
 * @returns {Promise<Curve[]>}
 */
export const recordCurves = async (name, told) => {
  const { seed, count } = sets[name]
  const curves = []
  for (let i = 0; i < count; i++) {
    curves.push(await record(drawConfig(randomOf(seed + i), seed + i)))
    told(i + 1, count)
  }
  return curves
}
