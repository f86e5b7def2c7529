// Seconds of one MNIST epoch of 784-128-10 with SGD on one thread: ours against PyTorch.

import { execFileSync } from 'node:child_process'
import { median, table } from './machine.mjs'

const BATCHES = [16, 64, 256]
const BARS = { 16: 4, 64: 2 }
const ROUNDS = 5
const EPOCHS = 3

/** Trains with the command line; gives each point as it was printed. */
export const trainPoints = config =>
  execFileSync('build/sweetspot', ['train', '-'], {
    input: JSON.stringify(config),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  })
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

const ours = batch => {
  const points = trainPoints({ batch_size: batch, epochs: EPOCHS })
  return points.map((point, i) => point.train_seconds - (points[i - 1]?.train_seconds ?? 0))
}

const pytorch = batch =>
  execFileSync(
    '/usr/bin/python3',
    ['tests/bench/epoch_torch.py', 'build/datasets/mnist', `${batch}`, `${EPOCHS}`],
    {
      encoding: 'utf8',
      // Debian's OpenBLAS does not know newer CPUs and falls back to a slow kernel.
      env: { ...process.env, OPENBLAS_CORETYPE: 'SKYLAKEX', OMP_NUM_THREADS: '1' },
    },
  )
    .trim()
    .split('\n')
    .map(Number)

const measure = batch => {
  const mine = []
  const theirs = []
  for (let round = 0; round < ROUNDS; round++) {
    mine.push(...ours(batch))
    theirs.push(...pytorch(batch))
  }
  return { batch, mine: median(mine), theirs: median(theirs) }
}

export const epochSpeed = async () => {
  const rows = BATCHES.map(measure).map(({ batch, mine, theirs }) => [
    `${batch}`,
    `${mine.toFixed(3)} s`,
    `${theirs.toFixed(3)} s`,
    `${(theirs / mine).toFixed(1)}x`,
    BARS[batch] ? `${BARS[batch]}x: ${theirs / mine >= BARS[batch] ? 'met' : 'NOT MET'}` : '',
  ])
  return (
    `One epoch of MNIST, 784-128-10, SGD, one thread; medians of ${ROUNDS * EPOCHS} epochs\n\n` +
    table(['batch', 'Sweetspot', 'PyTorch', 'ratio', 'bar'], rows)
  )
}
