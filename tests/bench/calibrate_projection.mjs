// How far the projection (engine/search/projection.h) can be believed: trains the held-out
// curves of learning_curves.mjs anew, cuts each at several points, asks what comes next and
// compares with what came.
//
//   make all build/tests/bench/projection
//   node tests/bench/calibrate_projection.mjs             the held-out curves
//   node tests/bench/calibrate_projection.mjs --tuning    those the constants were set on
//   node tests/bench/calibrate_projection.mjs --write     and keeps the curves for the tests

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { recordCurves } from './learning_curves.mjs'
import { program, progress, table } from './machine.mjs'

const fixture = 'tests/golden/learning_curves.inc'
const unlikely = 0.05 // PRUNER_CHANCE: below it a run "will not reach"
const fewest = 4 // PROJECTION_LEAST
const unseen = 3 // points that a cut leaves at least, so that there is something to tell

// Targets as a person sets them, and such as lie just before a run; none knows its end.
const fixedTargets = [
  0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98,
]
const nearTargets = best =>
  [0.02, 0.05, 0.1, 0.2, 0.4].map(share => best + Math.max(0.005, share * (1 - best)))

const bestOf = points => Math.max(...points.map(([, accuracy]) => accuracy))

const cutsOf = count => {
  const shares = [0.15, 0.3, 0.5, 0.75].map(share => Math.ceil(share * count))
  const cuts = [...new Set([4, 6, 10, 20, ...shares])]
  return cuts.filter(cut => cut >= fewest && cut <= count - unseen)
}

/**
 * @typedef {{curve: number, points: [number, number][], cut: number, target: number}} Question
 * @param {Question[]} questions
 */
const ask = questions => {
  const lines = questions.map(({ points, cut, target }) =>
    [target, points.at(-1)[0], cut, ...points.slice(0, cut).flat()].join(' '),
  )
  const began = performance.now()
  const printed = execFileSync(program('projection'), {
    input: lines.join('\n') + '\n',
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
  const each = (performance.now() - began) / questions.length
  const answers = printed.trim().split('\n')
  const asked = questions.map((question, i) => ({
    ...question,
    answer: JSON.parse(answers[i]),
    met: question.points
      .slice(question.cut)
      .find(([, accuracy]) => accuracy >= question.target)?.[0],
  }))
  return { asked, each }
}

/** Every cut of every curve, with every target that is still ahead there. */
const questionsAtCuts = curves =>
  curves.flatMap(({ points }, curve) =>
    cutsOf(points.length).flatMap(cut => {
      const best = bestOf(points.slice(0, cut))
      return [...fixedTargets, ...nearTargets(best)]
        .filter(target => target > best && target < 1)
        .map(target => ({ curve, points, cut, target }))
    }),
  )

/** As a pruner asks: at every point, with the fixed targets. */
const questionsAtEveryPoint = curves =>
  curves.flatMap(({ points }, curve) =>
    fixedTargets.flatMap(target =>
      points
        .map((_, i) => i)
        .filter(cut => cut >= fewest && bestOf(points.slice(0, cut)) < target)
        .map(cut => ({ curve, points, cut, target })),
    ),
  )

const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`
const count = (items, test) => items.filter(test).length

/** @param {[number, number, number][]} rows low, high, and what came */
const coverage = rows => {
  const below = count(rows, ([low, , truth]) => truth < low)
  const above = count(rows, ([, high, truth]) => truth > high)
  return [
    percent(rows.length - below - above, rows.length),
    percent(below, rows.length),
    percent(above, rows.length),
    String(rows.length),
  ]
}

const rounding = 1e-4 // of the curves and of what the program prints

const levels = asked => {
  const first = new Map(asked.map(item => [`${item.curve} ${item.cut}`, item]))
  return [...first.values()].map(({ answer, points }) => [
    answer.level_low - rounding,
    answer.level_high + rounding,
    bestOf(points),
  ])
}

const times = asked =>
  asked
    .filter(({ answer, met }) => met !== undefined && answer.seconds !== null)
    .map(({ answer, met }) => [
      answer.seconds_low * (1 - rounding),
      answer.seconds_high * (1 + rounding),
      met,
    ])

const coverageTable = asked => {
  const parts = {
    all: () => true,
    '4 to 6 points': ({ cut }) => cut <= 6,
    'more, before 35 % of the run': ({ cut, points }) =>
      cut > 6 && cut < 0.35 * points.length,
    'more, after it': ({ cut, points }) => cut > 6 && cut >= 0.35 * points.length,
  }
  const rows = Object.entries(parts).flatMap(([name, test]) => {
    const some = asked.filter(test)
    return [
      ['best accuracy at the end', name, ...coverage(levels(some))],
      ['time to the target', name, ...coverage(times(some))],
    ]
  })
  const head = ['80 % interval of', 'asked at', 'covers', 'came below', 'above', 'of']
  return table(head, rows.sort((a, b) => a[0].localeCompare(b[0])))
}

const reliabilityTable = asked => {
  const edges = [0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.01]
  const rows = edges.slice(1).map((high, i) => {
    const some = asked.filter(
      ({ answer }) => answer.chance >= edges[i] && answer.chance < high,
    )
    const met = count(some, item => item.met !== undefined)
    const range = `${100 * edges[i]} to ${Math.min(100, 100 * high)} %`
    return [range, percent(met, some.length), String(some.length)]
  })
  return table(['chance', 'reached', 'of'], rows)
}

const callsAtCuts = asked => {
  const near = ({ target }) => !fixedTargets.includes(target)
  const row = (name, some) => {
    const called = some.filter(({ answer }) => answer.chance < unlikely)
    const wrong = count(called, item => item.met !== undefined)
    const missed = count(some, item => item.met === undefined)
    return [
      name,
      String(called.length),
      String(wrong),
      percent(wrong, called.length),
      percent(called.length - wrong, missed),
    ]
  }
  return [
    row('at the cuts, every target', asked),
    row('of these, targets just before the run', asked.filter(near)),
  ]
}

/** A run and a target are called at the first point where so many in a row say so. */
const callsOfPruner = (asked, inARow) => {
  const called = new Map()
  const missed = new Set()
  const rows = new Map()
  for (const item of asked) {
    const key = `${item.curve} ${item.target}`
    if (item.met === undefined) missed.add(key)
    rows.set(key, item.answer.chance < unlikely ? (rows.get(key) ?? 0) + 1 : 0)
    if (rows.get(key) >= inARow && !called.has(key)) called.set(key, item)
  }
  const wrong = count([...called.values()], item => item.met !== undefined)
  return [
    `a run and target once, by ${inARow} of its points in a row`,
    String(called.size),
    String(wrong),
    percent(wrong, called.size),
    percent(called.size - wrong, missed.size),
  ]
}

const silence = asked => {
  const reached = asked.filter(({ met }) => met !== undefined)
  const silent = count(reached, ({ answer }) => answer.seconds === null)
  return (
    `No time is named, for want of chance, in ${silent} of the ${reached.length} cases ` +
    `that did reach (${percent(silent, reached.length)}); ` +
    `of all ${asked.length} questions in ` +
    `${percent(count(asked, ({ answer }) => answer.seconds === null), asked.length)}. ` +
    `Below ${fewest} points it always refuses; nothing was asked there.\n`
  )
}

const report = curves => {
  const { asked, each } = ask(questionsAtCuts(curves))
  const { asked: atEvery } = ask(questionsAtEveryPoint(curves))
  const head = ['called "will not reach"', 'calls', 'reached', 'share', 'of all misses']
  const calls = [...callsAtCuts(asked), ...[1, 2, 3].map(n => callsOfPruner(atEvery, n))]
  return [
    `${curves.length} curves, ${asked.length} questions, ${each.toFixed(2)} ms each.\n`,
    coverageTable(asked),
    table(head, calls),
    silence(asked),
    reliabilityTable(asked),
  ].join('\n')
}

const cText = curves => {
  const points = curves.flatMap(curve => curve.points)
  const lines = curves.map(({ points: own }) =>
    own.map(([seconds, accuracy]) => `{${seconds},${accuracy}}`).join(','),
  )
  return (
    '/* Held-out curves; tests/bench/calibrate_projection.mjs --write made this. */\n' +
    `static const struct projection_point curve_points[${points.length}] = {\n` +
    `${lines.join(',\n')}};\n` +
    `static const size_t curve_lengths[${curves.length}] = {\n` +
    `${curves.map(curve => curve.points.length).join(',')}};\n`
  )
}

const name = process.argv.includes('--tuning') ? 'tuning' : 'heldOut'
const curves = await recordCurves(name, (done, of) => {
  if (done % 40 === 0) progress(`${done} of ${of} curves`)
})
if (process.argv.includes('--write')) fs.writeFileSync(fixture, cText(curves))
process.stdout.write(report(curves))
