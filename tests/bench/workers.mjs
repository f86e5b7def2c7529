// Two runs in two workers against one alone: samples a second through the daemon, from the
// first start to the last end, so that evaluation and recording count. Two processes of
// the command line show what the machine gives: cores that share anything give less than 2.

import { startLab } from '../http/client.mjs'
import { bar, median, quick, rounds, table } from './machine.mjs'
import { trainBeside } from './trainer.mjs'

const ROUNDS = rounds(7)
const CONFIG = quick ? { epochs: 2, train_samples: 6000 } : { epochs: 14 }
const BAR = 1.9

/** Asks seldom: both cores are for the runs, and the daemon keeps the times itself. */
const finished = async (lab, id) => {
  for (;;) {
    const run = await lab.run(id)
    if (run.state === 'finished') return run
    if (run.state !== 'running' && run.state !== 'queued')
      throw new Error(`run ${id} is ${run.state}`)
    await new Promise(resolve => setTimeout(resolve, 250))
  }
}

/** Trains `count` runs at once; samples a second of all together. */
const throughput = async (lab, count) => {
  const launched = await Promise.all(Array.from({ length: count }, () => lab.launch(CONFIG)))
  const runs = await Promise.all(launched.map(run => finished(lab, run.id)))
  const start = Math.min(...runs.map(run => Date.parse(run.started_at)))
  const end = Math.max(...runs.map(run => Date.parse(run.finished_at)))
  const samples = runs.reduce((sum, run) => sum + run.summary.last_samples, 0)
  return (samples * 1000) / (end - start)
}

/** The same by processes of the command line, from each one's first point to its last. */
const processThroughput = async count => {
  const all = await Promise.all(Array.from({ length: count }, () => trainBeside(CONFIG)))
  const rates = all.map(points => {
    const [first, last] = [points[0], points.at(-1)]
    const milliseconds = Date.parse(last.wall_time) - Date.parse(first.wall_time)
    return ((last.samples - first.samples) * 1000) / milliseconds
  })
  return rates.reduce((sum, rate) => sum + rate, 0)
}

const measure = async () => {
  const lab = await startLab({ args: ['--workers', '2'] })
  const rates = { workers: [[], []], processes: [[], []] }
  try {
    await throughput(lab, 1) // opens the dataset
    for (let round = 0; round < ROUNDS; round++)
      for (const count of [1, 2]) {
        rates.workers[count - 1].push(await throughput(lab, count))
        rates.processes[count - 1].push(await processThroughput(count))
      }
  } finally {
    await lab.end()
  }
  return rates
}

const summary = rates => {
  const [alone, together] = rates.map(median)
  return { alone, together, ratio: together / alone }
}

const rowOf = (label, { alone, together, ratio }) => [
  label,
  `${Math.round(alone / 1000)} thousand`,
  `${Math.round(together / 1000)} thousand`,
  `${ratio.toFixed(2)}x`,
]

export const workers = async () => {
  const rates = await measure()
  const daemon = summary(rates.workers)
  const machine = summary(rates.processes)
  const ratio = `${daemon.ratio.toFixed(2)}x`
  return {
    title: 'Two runs at once',
    text:
      'MNIST, 784-128-10, batch 32; samples a second with evaluation (and recording in the ' +
      `daemon); medians of ${ROUNDS} alternating rounds. Two separate processes show what ` +
      'the machine gives.\n\n' +
      table(
        ['', 'one run', 'two together', 'ratio'],
        [
          rowOf('two workers of the daemon', daemon),
          rowOf('two processes of the command line', machine),
        ],
      ),
    bars: [
      bar(
        `two runs in two workers: at least ${BAR}x the throughput of one`,
        `${ratio} (two processes here: ${machine.ratio.toFixed(2)}x)`,
        daemon.ratio >= BAR,
      ),
    ],
    short:
      `Two runs at once train ${daemon.ratio.toFixed(2)} times as many samples a second as ` +
      `one (two processes on this machine: ${machine.ratio.toFixed(2)} times).`,
  }
}
