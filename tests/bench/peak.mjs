// How much of this machine's matrix-product peak training reaches, both measured in turn:
// 784-128-10 with SGD on dense inputs, and what MNIST with its zeros comes to if all
// products were done.

import { execFileSync } from 'node:child_process'
import { bar, blasEnvironment, median, program, quick, rounds, table } from './machine.mjs'
import { secondsAfterFirst, trainPoints } from './trainer.mjs'

const ROUNDS = rounds(5)
const BATCHES = [64, 256, 1024]
const PEAK_SECONDS = quick ? 0.01 : 0.1
const DENSE_SECONDS = quick ? 0.05 : 0.6
const SAMPLES = quick ? 2048 : 60000
const EPOCHS = quick ? 2 : 4
const BAR = 0.65
// Output, weight gradient, and the second layer's input gradient: 2 m n k each.
const FLOPS_PER_SAMPLE = 2 * (2 * 784 * 128 + 3 * 128 * 10)

const call = (name, ...args) =>
  execFileSync(program(name), args.map(String), { encoding: 'utf8', env: blasEnvironment })

/** @returns {{backend: string, gflops: number, side: number}[]} this build's own first */
const measurePeaks = () =>
  call('peak', PEAK_SECONDS)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

const mnistRate = batch => {
  const config = { batch_size: batch, train_samples: SAMPLES, test_samples: 100 }
  const points = trainPoints({ ...config, epochs: EPOCHS, diagnostics: false })
  return (FLOPS_PER_SAMPLE * SAMPLES * (EPOCHS - 1)) / secondsAfterFirst(points) / 1e9
}

const measureRound = () => {
  const peaks = measurePeaks()
  const rates = BATCHES.map(batch => {
    const dense = Number(call('dense', batch, DENSE_SECONDS))
    return { dense, mnist: mnistRate(batch) }
  })
  return { peaks, rates }
}

const percent = share => `${(share * 100).toFixed(0)} %`

const rowsOf = (results, peaks) =>
  BATCHES.map((batch, i) => {
    const dense = median(results.map(result => result.rates[i].dense))
    const mnist = median(results.map(result => result.rates[i].mnist))
    return { batch, dense, mnist, shares: peaks.map(peak => dense / peak.gflops) }
  })

export const peak = async () => {
  const results = Array.from({ length: ROUNDS }, measureRound)
  const peaks = results[0].peaks.map(({ backend }, i) => ({
    backend: backend === 'cblas' ? 'OpenBLAS' : backend,
    gflops: median(results.map(result => result.peaks[i].gflops)),
    side: results[0].peaks[i].side,
  }))
  const rows = rowsOf(results, peaks)
  const named = peaks.map(each => `${each.backend} ${each.gflops.toFixed(0)} GFLOP/s`)
  const lowest = Math.min(...rows.map(row => row.shares[0]))
  return {
    title: 'Share of the matrix-product peak, one thread',
    text:
      `784-128-10, SGD; medians of ${ROUNDS} rounds. Peak of float32 products of squares in ` +
      `cache: ${named.join(', ')}. Dense: random inputs without a zero, whole training ` +
      `steps. MNIST: its dense-equivalent rate, as if every product with a zero had been ` +
      `done; not a share of the peak.\n\n` +
      table(
        ['batch', 'dense', ...peaks.map(each => `of ${each.backend}`), 'MNIST, dense-equivalent'],
        rows.map(row => [
          `${row.batch}`,
          `${row.dense.toFixed(0)} GFLOP/s`,
          ...row.shares.map(percent),
          `${row.mnist.toFixed(0)} GFLOP/s`,
        ]),
      ),
    bars: [
      bar(
        `dense training at batch 64 and above: at least ${percent(BAR)} of the peak`,
        `lowest ${percent(lowest)}`,
        lowest >= BAR,
      ),
    ],
    short:
      `Training on dense inputs reaches ${percent(lowest)} of the machine's matrix-product ` +
      'peak at batch 64 and above.',
  }
}
