// What recording to SQLite and one open dashboard cost a training run: the same config by
// the command line (nothing recorded) and by the daemon with a browser watching the run.

import fs from 'node:fs'
import { createRequire } from 'node:module'
import { startLab } from '../http/client.mjs'
import { trainPoints } from './epoch.mjs'
import { median, table } from './machine.mjs'

const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))(
  'playwright-core',
)

const ROUNDS = 7
const CONFIG = { epochs: 10 }

// From the first point to the last, so that start-up counts on neither side.
const stretch = (points, field) => points.at(-1)[field] - points[0][field]
const wallSeconds = points =>
  (Date.parse(points.at(-1).wall_time) - Date.parse(points[0].wall_time)) / 1000

const openDashboard = async url => {
  const executablePath =
    process.env.CHROMIUM ||
    ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(path => fs.existsSync(path))
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  })
  const page = await browser.newPage()
  await page.goto(url)
  return { browser, page }
}

const recordedPoints = async (lab, page) => {
  const run = await lab.launch(CONFIG)
  await page.goto(`${lab.url}/#/runs/${run.id}`)
  await lab.waitFor(run.id, 'finished')
  return lab.points(run.id)
}

export const recordingCost = async () => {
  const lab = await startLab()
  const { browser, page } = await openDashboard(lab.url)
  const bare = []
  const recorded = []
  try {
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(trainPoints(CONFIG))
      recorded.push(await recordedPoints(lab, page))
    }
  } finally {
    await browser.close()
    await lab.end()
  }
  const row = (label, seconds) => {
    const [without, with_] = [bare, recorded].map(runs => median(runs.map(seconds)))
    const cost = (with_ / without - 1) * 100
    return [label, `${without.toFixed(3)} s`, `${with_.toFixed(3)} s`, `${cost.toFixed(1)} %`]
  }
  return (
    `Recording and one open dashboard, 9 epochs at batch 32; medians of ${ROUNDS} runs; bar 3 %\n\n` +
    table(
      ['', 'bare', 'recorded and watched', 'cost'],
      [
        row('training seconds', points => stretch(points, 'train_seconds')),
        row('CPU seconds of the trainer', points => stretch(points, 'cpu_seconds')),
        row('wall time with evaluation', wallSeconds),
      ],
    )
  )
}
