// What recording to SQLite and one open dashboard cost a training run: the same config by
// the command line (nothing recorded) and by the daemon with a browser watching the run.

import { startLab } from '../http/client.mjs'
import { openDashboard } from './dashboard.mjs'
import { bar, median, quick, rounds, table } from './machine.mjs'
import { trainPoints } from './trainer.mjs'

const ROUNDS = rounds(7)
const CONFIG = quick ? { epochs: 3, train_samples: 6000 } : { epochs: 10 }
const BAR = 0.03

// From the first point to the last, so that start-up counts on neither side.
const stretch = (points, field) => points.at(-1)[field] - points[0][field]
const wallSeconds = points =>
  (Date.parse(points.at(-1).wall_time) - Date.parse(points[0].wall_time)) / 1000

const recordedPoints = async (lab, page) => {
  const run = await lab.launch(CONFIG)
  await page.goto(`${lab.url}/#/runs/${run.id}`)
  await lab.waitFor(run.id, 'finished')
  return lab.points(run.id)
}

const measure = async () => {
  const lab = await startLab()
  const bare = []
  const recorded = []
  try {
    const { browser, page } = await openDashboard(lab.url)
    try {
      for (let round = 0; round < ROUNDS; round++) {
        bare.push(trainPoints(CONFIG))
        recorded.push(await recordedPoints(lab, page))
      }
    } finally {
      await browser.close()
    }
  } finally {
    await lab.end()
  }
  return { bare, recorded }
}

const percent = share => `${(share * 100).toFixed(1)} %`

export const recording = async () => {
  const { bare, recorded } = await measure()
  const row = (label, seconds) => {
    const [without, with_] = [bare, recorded].map(runs => median(runs.map(seconds)))
    return { label, without, with_, cost: with_ / without - 1 }
  }
  const rows = [
    row('training seconds', points => stretch(points, 'train_seconds')),
    row('CPU seconds of the trainer', points => stretch(points, 'cpu_seconds')),
    row('wall time with evaluation', wallSeconds),
  ]
  const [{ cost }] = rows
  return {
    title: 'Cost of recording and one open dashboard',
    text:
      `MNIST, 784-128-10, ${CONFIG.epochs - 1} epochs at batch 32; medians of ${ROUNDS} ` +
      `alternating runs.\n\n` +
      table(
        ['', 'bare', 'recorded and watched', 'cost'],
        rows.map(each => [
          each.label,
          `${each.without.toFixed(3)} s`,
          `${each.with_.toFixed(3)} s`,
          percent(each.cost),
        ]),
      ),
    bars: [
      bar(
        `recording and one open dashboard: at most ${percent(BAR)} of the training seconds`,
        percent(cost),
        cost <= BAR,
      ),
    ],
    short:
      `Recording every point and one open dashboard cost ${percent(cost)} of the training ` +
      'time.',
  }
}
