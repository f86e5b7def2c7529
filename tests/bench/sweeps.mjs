// Whether sweeps find the sweet spot: the trade-off preset's answer run again alone, how
// little the pruners spend to get to it, and what a thousand runs cost the daemon.

import fs from 'node:fs'
import { startLab, until } from '../http/client.mjs'
import { openDashboard } from './dashboard.mjs'
import { bar, median, progress, quick, table } from './machine.mjs'

const PRESET = 'Batch size / epochs trade-off'
const PRESET_SECONDS = 180
const FRESH = quick ? 2 : 10
const FRESH_BAR = 9
const SHARE_BAR = 1 / 3

const seconds = value => `${value.toFixed(value < 1 ? 4 : 1)} s`

const get = async (lab, path) => (await lab.json('GET', path)).body

/** Runs a sweep to its end. @returns {Promise<{id: number, wall: number}>} */
const runSweep = async (lab, spec) => {
  const begun = performance.now()
  const { status, body } = await lab.json('POST', '/sweeps', spec)
  if (status !== 201) throw new Error(JSON.stringify(body))
  const ended = async () => (await get(lab, `/sweeps/${body.id}`)).state === 'finished'
  for (let i = 0; i < 10 && !(await ended()); i++)
    await until(ended, 'the sweep').catch(error => {
      if (i === 9) throw error
    })
  return { id: body.id, wall: (performance.now() - begun) / 1000 }
}

const preset = async lab => {
  const { presets } = await get(lab, '/presets')
  const found = presets.find(({ title }) => title === PRESET)
  if (!found) throw new Error(`there is no preset "${PRESET}"`)
  const spec = found.config
  return quick ? { ...spec, repeats: 1, base: { ...spec.base, epochs: 1 } } : spec
}

const describe = (analysis, cell) =>
  analysis.parameters.map(({ name }, i) => `${name} ${analysis.cells[cell].values[i]}`).join(', ')

/** Seconds to the target by the sweep's own clock and metric. */
const timeOf = async (lab, run, { clock, metric, target }) =>
  (await lab.points(run)).find(point => point[metric] >= target)?.[clock] ?? Infinity

/** The answer launched alone under seeds that the sweep never saw. */
const runAgain = async (lab, analysis) => {
  const times = []
  for (let i = 0; i < FRESH; i++) {
    const run = await lab.launch({ ...analysis.answer.config, seed: 1000 + i })
    await lab.waitFor(run.id, ['finished', 'diverged'])
    times.push(await timeOf(lab, run.id, analysis))
  }
  return times
}

export const tradeOff = async () => {
  const lab = await startLab({ args: ['--workers', '2'] })
  try {
    const spec = await preset(lab)
    const { id, wall } = await runSweep(lab, spec)
    const analysis = await get(lab, `/sweeps/${id}/analysis`)
    const { answer, cells, sweet_spot: spot } = analysis
    const times = await runAgain(lab, analysis)
    const others = cells.filter((cell, i) => i !== answer.cell && cell.reached).map(({ value }) => value)
    const rival = Math.min(...others)
    const wins = times.filter(time => time < rival).length
    const ranked = [...cells.keys()].sort((a, b) => (cells[a].rank ?? 1e9) - (cells[b].rank ?? 1e9))
    const fit = spot
      ? `\nThe fit: at least ${spot.steps_min.value.toFixed(0)} steps and ` +
        `${spot.samples_min.value.toFixed(0)} samples, critical batch size ` +
        `${spot.critical_batch.value.toFixed(0)} (${spot.critical_batch.low.toFixed(0)} to ` +
        `${spot.critical_batch.high.toFixed(0)}), gradient noise scale ` +
        `${spot.noise_scale?.toFixed(0) ?? 'not recorded'}; predicted soonest at batch size ` +
        `${spot.best.batch_size.toFixed(0)}: ${seconds(spot.best.seconds)}.\n`
      : ''
    return {
      title: `The preset "${PRESET}"`,
      text:
        `${analysis.trials.length} runs on two workers in ${wall.toFixed(1)} s of wall time; ` +
        `answer: ${describe(analysis, answer.cell)}, ${seconds(answer.value)} to ` +
        `${analysis.target * 100} % (${seconds(answer.low)} to ${seconds(answer.high)}, ` +
        `${answer.seeds} seeds), ${answer.epochs.toFixed(2)} epochs. The next best setting's ` +
        `median is ${seconds(rival)}. The answer alone under ${FRESH} fresh seeds: ` +
        `${times.map(seconds).join(', ')}.\n${fit}\n` +
        table(
          ['setting', 'rank', `median ${analysis.clock}`, 'range', 'reached'],
          ranked.slice(0, 12).map(i => [
            describe(analysis, i),
            `${cells[i].rank}`,
            cells[i].value === null ? '-' : seconds(cells[i].value),
            cells[i].low === null ? '-' : `${seconds(cells[i].low)} to ${seconds(cells[i].high)}`,
            `${cells[i].reached_trials} of ${cells[i].trials}`,
          ]),
        ),
      bars: [
        bar(`the preset on two workers: under ${PRESET_SECONDS} s`, `${wall.toFixed(1)} s`, wall < PRESET_SECONDS),
        bar(
          `its answer under fresh seeds beats every other median ${FRESH_BAR} times of ${FRESH}`,
          `${wins} of ${FRESH}`,
          quick ? null : wins >= FRESH_BAR,
        ),
      ],
      short:
        `"${PRESET}" (${analysis.trials.length} runs) takes ${wall.toFixed(0)} s on two workers and ` +
        `answers ${describe(analysis, answer.cell)}: ${seconds(answer.value)} to ${analysis.target * 100} %.`,
    }
  } finally {
    await lab.end()
  }
}

/** One grid, one seed: what its runs cost, and where the grid's best ended. */
const pruned = async (lab, spec, pruner) => {
  const { id } = await runSweep(lab, { ...spec, pruner })
  const analysis = await get(lab, `/sweeps/${id}/analysis`)
  const spent = analysis.trials.reduce((sum, trial) => sum + (trial.seconds ?? 0), 0)
  return { analysis, spent, best: analysis.answer?.cell ?? null }
}

export const pruners = async () => {
  const lab = await startLab({ args: ['--workers', '1'] })
  const rows = []
  const bars = []
  try {
    for (const dataset of ['mnist', 'fashion-mnist']) {
      const whole = await preset(lab)
      const target = dataset === 'mnist' ? 0.9 : 0.8
      const spec = { ...whole, repeats: 1, base: { ...whole.base, dataset, target_accuracy: target } }
      const grid = await pruned(lab, spec, 'none')
      for (const pruner of ['asha', 'projection', 'median']) {
        progress(`${dataset} ${pruner}`)
        const { analysis, spent, best } = await pruned(lab, spec, pruner)
        const share = spent / grid.spent
        const kept = analysis.cells[grid.best].reached_trials === 1
        rows.push([
          dataset,
          pruner,
          describe(grid.analysis, grid.best),
          describe(analysis, best),
          seconds(spent),
          seconds(grid.spent),
          `${(share * 100).toFixed(1)} %`,
          kept ? 'yes' : 'no',
        ])
        if (pruner !== 'median')
          bars.push(
            bar(
              `${pruner} on ${dataset}: reaches the grid's best in at most a third of its seconds`,
              `${kept ? 'reached' : 'missed'}, ${(share * 100).toFixed(1)} %`,
              kept && share <= SHARE_BAR,
            ),
          )
      }
    }
  } finally {
    await lab.end()
  }
  return {
    title: 'Pruners against the whole grid',
    text:
      'The grid of the preset with one seed, on one worker; CPU seconds of training.\n\n' +
      table(
        ['data', 'pruner', "the grid's best", "the pruner's", 'spent', 'grid', 'share', "grid's best ran to its target"],
        rows,
      ),
    bars,
  }
}

const residentKilobytes = folder => {
  const words = path => fs.readFileSync(path, 'utf8')
  const pid = fs
    .readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .find(name => {
      try {
        return words(`/proc/${name}/cmdline`).includes(folder)
      } catch {
        return false
      }
    })
  return Number(words(`/proc/${pid}/status`).match(/VmRSS:\s+(\d+)/)[1])
}

/** Milliseconds that something takes. */
const timed = async ask => {
  const begun = performance.now()
  await ask()
  return performance.now() - begun
}

/** GET /runs now and then until `ended`. @returns {Promise<number[]>} milliseconds */
const pollRuns = async (lab, ended) => {
  const times = []
  while (!ended.yes) {
    times.push(await timed(() => lab.json('GET', '/runs')))
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return times
}

/** Until the sweep's answer and table stand on a fresh page. @returns {Promise<number[]>} */
const openPage = async (lab, id) => {
  const { browser, page } = await openDashboard(lab.url)
  const times = []
  try {
    for (let i = 0; i < (quick ? 1 : 5); i++) {
      await page.goto('about:blank')
      times.push(
        await timed(async () => {
          await page.goto(`${lab.url}/#/sweeps/${id}`)
          await page.locator('[data-answer] strong').waitFor()
          await page.locator('table tbody tr').first().waitFor()
        }),
      )
    }
  } finally {
    await browser.close()
  }
  return times
}

export const thousand = async () => {
  const RUNS = quick ? 100 : 1000
  const SWEEPS = 3
  const lab = await startLab({ args: ['--workers', '2'] })
  const spec = max_runs => ({
    base: { dataset: 'moons', hidden: [8], epochs: 3, target_accuracy: 0.85 },
    space: { lr: { log_uniform: [0.01, 1] }, batch_size: { int_log_uniform: [4, 64] } },
    sampler: 'sobol',
    max_runs,
  })
  try {
    const lists = []
    let before = 0
    let made = { id: 0, wall: 0 }
    for (let i = 0; i <= SWEEPS; i++) {
      // What is bounded fills in the first: the ring of events, the pages that SQLite keeps.
      if (i === 1) before = residentKilobytes(lab.folder)
      const ended = { yes: false }
      const polling = pollRuns(lab, ended)
      made = await runSweep(lab, spec(RUNS)).finally(() => (ended.yes = true))
      lists.push(...(await polling))
    }
    const grown = (residentKilobytes(lab.folder) - before) / (SWEEPS * RUNS)
    const asked = []
    for (let i = 0; i < 10; i++)
      asked.push(await timed(() => lab.json('GET', `/sweeps/${made.id}/analysis`)))
    const opened = await openPage(lab, made.id)
    return {
      title: `A sweep of ${RUNS} short runs`,
      text:
        `${RUNS} runs of moons took ${made.wall.toFixed(1)} s ` +
        `(${(RUNS / made.wall).toFixed(0)} a second); over ${SWEEPS} such sweeps, after a first, ` +
        `the daemon grew by ${grown.toFixed(2)} KB a run. ` +
        `Meanwhile GET /runs took ${median(lists).toFixed(1)} ms (slowest ${Math.max(...lists).toFixed(1)}). ` +
        `The analysis takes ${median(asked).toFixed(1)} ms, the page ${median(opened).toFixed(0)} ms ` +
        'until answer and table stand.\n',
      bars: [
        bar('GET /runs during it: under 20 ms', `${median(lists).toFixed(1)} ms`, median(lists) < 20),
        bar('its page opens in under 1 s', `${median(opened).toFixed(0)} ms`, median(opened) < 1000),
        bar("the daemon's memory: under 1 KB a run", `${grown.toFixed(2)} KB`, grown < 1),
      ],
    }
  } finally {
    await lab.end()
  }
}
