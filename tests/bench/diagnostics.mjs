// What looking inside the layers costs, and the memory of a run. The probe does not count
// as training seconds, so the whole process with and without it is compared.

import { bar, median, quick, rounds, table } from './machine.mjs'
import { trainUsage } from './trainer.mjs'

const ROUNDS = rounds(9)
const COST_BAR = 0.05
const MEMORY_BAR = 120e6
const CONFIG = quick
  ? { hidden: [128], batch_size: 32, epochs: 2, train_samples: 6000 }
  : { hidden: [128], batch_size: 32, epochs: 10 }

const percent = share => `${(share * 100).toFixed(1)} %`

const measure = () => {
  const results = { without: [], with: [] }
  for (let round = 0; round < ROUNDS; round++) {
    results.without.push(trainUsage({ ...CONFIG, diagnostics: false }))
    results.with.push(trainUsage({ ...CONFIG, diagnostics: true }))
  }
  return results
}

const report = results => {
  const training = median(results.without.map(run => run.points.at(-1).train_seconds))
  const row = (label, field) => {
    const [without, with_] = [results.without, results.with].map(runs =>
      median(runs.map(run => run[field])),
    )
    return { label, without, with_, cost: (with_ - without) / training }
  }
  return { training, rows: [row('wall', 'wall'), row('CPU', 'cpu')] }
}

/** The dearer of the two clocks is held to the bar. */
export const diagnostics = async () => {
  const { training, rows } = report(measure())
  const cost = Math.max(...rows.map(row => row.cost))
  return {
    title: 'Cost of diagnostics',
    text:
      `MNIST, 784-128-10, batch 32, ${CONFIG.epochs} epochs; the whole process, medians of ` +
      `${ROUNDS} alternating runs; cost as a share of ${training.toFixed(3)} training ` +
      `seconds.\n\n` +
      table(
        ['', 'without', 'with', 'cost'],
        rows.map(row => [
          `${row.label} seconds`,
          `${row.without.toFixed(3)} s`,
          `${row.with_.toFixed(3)} s`,
          percent(row.cost),
        ]),
      ),
    bars: [
      bar(
        `diagnostics: at most ${percent(COST_BAR)} of the training seconds`,
        percent(cost),
        cost <= COST_BAR,
      ),
    ],
    short: `Looking inside the layers costs ${percent(cost)} of the training time.`,
  }
}

export const memory = async () => {
  const peaks = Array.from({ length: rounds(3) }, () => trainUsage(CONFIG).peakBytes)
  const figure = `${(Math.max(...peaks) / 1e6).toFixed(0)} MB`
  return {
    title: 'Memory',
    text: `Peak resident set of \`sweetspot train\`, MNIST, 784-128-10, batch 32: ${figure}.\n`,
    bars: [
      bar(
        `peak resident set: at most ${MEMORY_BAR / 1e6} MB`,
        figure,
        Math.max(...peaks) <= MEMORY_BAR,
      ),
    ],
    short: `Training MNIST takes ${figure} of memory.`,
  }
}
