// Figures, not tests: every number is a median of runs that alternate with their peer in
// this one process, because only ratios within one run mean anything on a shared machine.
//
//   node tests/bench/bench.mjs [--quick] [SECTION...]        (make bench BENCH="...")
//
// A full run of all sections writes RESULTS.md and the README's table; --quick (tiny
// counts) and single sections only print.

import fs from 'node:fs'
import { diagnostics, memory } from './diagnostics.mjs'
import { describeMachine, progress, quick } from './machine.mjs'
import { matrix } from './matrix.mjs'
import { peak } from './peak.mjs'
import { recording } from './recording.mjs'
import { barTable, replaceBlock, shortReport } from './report.mjs'
import { scalar } from './scalar.mjs'
import { pruners, thousand, tradeOff } from './sweeps.mjs'
import { workers } from './workers.mjs'

const SECTIONS = {
  matrix,
  peak,
  scalar,
  workers,
  diagnostics,
  recording,
  memory,
  sweeps: tradeOff,
  pruners,
  thousand,
}

const wanted = process.argv.slice(2).filter(word => !word.startsWith('--'))
const unknown = wanted.filter(name => !Object.hasOwn(SECTIONS, name))
if (unknown.length) {
  console.error(`no section ${unknown}; there are ${Object.keys(SECTIONS).join(' ')}`)
  process.exit(2)
}

/** What cannot be measured (no PyTorch, no such engine in this build) does not end the rest. */
const measure = async name => {
  progress(`== ${name}`)
  try {
    return await SECTIONS[name]()
  } catch (error) {
    const reason = `${error.message}`.trim().split('\n').at(-1)
    return {
      title: `${name}: not measured`,
      text: `${reason}\n`,
      bars: [{ what: `bars of "${name}"`, figure: 'not measured', met: null }],
    }
  }
}

const machine = describeMachine()
const sections = []
for (const name of wanted.length ? wanted : Object.keys(SECTIONS))
  sections.push(await measure(name))

const report = [
  '# Figures\n',
  `Written by \`make bench\`${quick ? ' --quick: tiny counts, the numbers mean nothing' : ''}.\n`,
  machine,
  barTable(sections),
  ...sections.map(({ title, text }) => `## ${title}\n\n${text}`),
].join('\n')
console.log(report)

if (!quick && !wanted.length) {
  fs.writeFileSync('tests/bench/RESULTS.md', report)
  replaceBlock('README.md', shortReport(machine, sections))
}
