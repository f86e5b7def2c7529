// The tensor engine against PyTorch on one thread: networks, batch sizes, optimizers.
// Both train on the same number of pictures, as many as take PyTorch half a second, and
// the seconds are scaled to an epoch of 60,000.

import { startTorch } from './torch.mjs'
import { bar, geometricMean, median, progress, quick, rounds, table } from './machine.mjs'
import { secondsAfterFirst, trainPoints } from './trainer.mjs'

const ALL = 60000
const ROUNDS = rounds(5)
const TARGET_SECONDS = quick ? 0.02 : 0.45
const MAX_PASSES = 6
const BATCHES = quick ? [1, 64] : [1, 4, 16, 64, 256, 1024]
const NETWORKS = quick ? [[128], [512, 512]] : [[128], [16, 16], [128, 128], [512, 512]]
const RATES = { sgd: 0.01, adam: 0.001 }
const BARS = [
  { hidden: [128], optimizer: 'sgd', batch: 16, ratio: 5 },
  { hidden: [128], optimizer: 'sgd', batch: 64, ratio: 3 },
]

const nameOf = hidden => [784, ...hidden, 10].join('-')

const ours = ({ hidden, batch, optimizer, samples, passes }) =>
  secondsAfterFirst(
    trainPoints({
      hidden,
      optimizer,
      lr: RATES[optimizer],
      batch_size: batch,
      train_samples: samples,
      test_samples: 100,
      epochs: 1 + passes,
      diagnostics: false,
    }),
  )

/** How much to train: whole batches, and more than one pass only over all the pictures. */
const sizeOf = async (torch, cell) => {
  const trial = Math.min(32 * cell.batch, ALL)
  const rate = trial / (await torch.measure({ ...cell, samples: trial, passes: 1 }))
  const wanted = rate * TARGET_SECONDS
  if (wanted >= ALL)
    return { samples: ALL, passes: Math.min(MAX_PASSES, Math.round(wanted / ALL)) }
  const batches = Math.max(quick ? 1 : 8, Math.round(wanted / cell.batch))
  return { samples: Math.min(ALL, batches * cell.batch), passes: 1 }
}

const measure = async (torch, cell) => {
  const training = { ...cell, ...(await sizeOf(torch, cell)) }
  const scale = ALL / (training.samples * training.passes)
  const mine = []
  const theirs = []
  for (let round = 0; round < ROUNDS; round++) {
    mine.push(ours(training) * scale)
    theirs.push((await torch.measure(training)) * scale)
  }
  const ratio = median(theirs) / median(mine)
  progress(`${nameOf(cell.hidden)} ${cell.optimizer} batch ${cell.batch}: ${ratio.toFixed(2)}x`)
  return { ...training, mine: median(mine), theirs: median(theirs), ratio }
}

const measureAll = async () => {
  const torch = await startTorch()
  const cells = []
  try {
    for (const optimizer of Object.keys(RATES))
      for (const hidden of NETWORKS)
        for (const batch of BATCHES)
          cells.push(await measure(torch, { hidden, batch, optimizer }))
  } finally {
    torch.end()
  }
  return { cells, torch: torch.name }
}

const sameRow = (a, b) => nameOf(a.hidden) === nameOf(b.hidden) && a.optimizer === b.optimizer

const ratioTable = cells => {
  const rows = cells.filter((cell, i) => cells.findIndex(other => sameRow(other, cell)) === i)
  return table(
    ['ratio at batch', '', ...BATCHES.map(String)],
    rows.map(row => [
      nameOf(row.hidden),
      row.optimizer,
      ...cells.filter(cell => sameRow(cell, row)).map(cell => `${cell.ratio.toFixed(2)}x`),
    ]),
  )
}

const secondsTable = cells =>
  table(
    ['network', 'optimizer', 'batch', 'Sweetspot', 'PyTorch', 'ratio', 'measured on'],
    cells.map(cell => [
      nameOf(cell.hidden),
      cell.optimizer,
      `${cell.batch}`,
      `${cell.mine.toFixed(3)} s`,
      `${cell.theirs.toFixed(3)} s`,
      `${cell.ratio.toFixed(2)}x`,
      `${cell.samples * cell.passes}`,
    ]),
  )

const barsOf = cells => {
  const slowest = cells.reduce((a, b) => (b.ratio < a.ratio ? b : a))
  const where = `${nameOf(slowest.hidden)} ${slowest.optimizer} batch ${slowest.batch}`
  const lowest = `lowest ${slowest.ratio.toFixed(2)}x (${where})`
  const slower = cells.filter(cell => cell.ratio < 1).length
  const named = BARS.map(({ ratio, ...wanted }) => {
    const cell = cells.find(each => sameRow(each, wanted) && each.batch === wanted.batch)
    return bar(
      `${nameOf(wanted.hidden)} ${wanted.optimizer} batch ${wanted.batch}: at least ${ratio}x`,
      cell ? `${cell.ratio.toFixed(2)}x` : 'not measured',
      cell ? cell.ratio >= ratio : null,
    )
  })
  const figure = `${lowest}; ${slower} of ${cells.length} slower`
  return [bar('never slower than PyTorch', figure, slower === 0), ...named]
}

const shortTable = cells =>
  table(
    ['batch', 'Sweetspot', 'PyTorch', 'ratio'],
    cells
      .filter(cell => sameRow(cell, { hidden: [128], optimizer: 'sgd' }))
      .map(cell => [
        `${cell.batch}`,
        `${cell.mine.toFixed(3)} s`,
        `${cell.theirs.toFixed(3)} s`,
        `${cell.ratio.toFixed(1)}x`,
      ]),
  )

export const matrix = async () => {
  const { cells, torch } = await measureAll()
  const mean = `${geometricMean(cells.map(cell => cell.ratio)).toFixed(2)}x`
  return {
    title: 'One epoch of MNIST against PyTorch, one thread',
    text:
      `${torch}. Seconds for 60,000 samples; medians of ${ROUNDS} alternating rounds. ` +
      `Geometric mean of the ${cells.length} ratios: ${mean}.\n\n` +
      `${ratioTable(cells)}\n${secondsTable(cells)}`,
    bars: barsOf(cells),
    short:
      'One epoch of MNIST, 784-128-10, SGD, one thread, against ' +
      `${torch.replace(/ with .*openblas.*/, " with OpenBLAS' best kernel")}:\n\n` +
      `${shortTable(cells)}\n` +
      `Over ${cells.length} combinations of network, batch size (1 to 1024) and optimizer ` +
      `the geometric mean is ${mean}.`,
  }
}
