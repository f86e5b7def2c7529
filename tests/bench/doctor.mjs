// How often the diagnosis is right: trains the broken presets and the healthy configs of
// tests/http/patients.mjs and writes what it found into engine/diagnosis/README.md.
//
//   make all && node tests/bench/doctor.mjs            prints the table
//   node tests/bench/doctor.mjs --write                and keeps it in the README

import fs from 'node:fs'
import { startLab } from '../http/client.mjs'
import { broken, examine, healthy } from '../http/patients.mjs'
import { table } from './machine.mjs'

const readme = 'engine/diagnosis/README.md'
const marks = ['<!-- doctor -->', '<!-- /doctor -->']

const measured = finding => {
  const { name, value, unit } = finding.measured
  const number = value === null ? 'not finite' : String(Number(value.toPrecision(3)))
  return `${name} ${number}${unit ? ` ${unit}` : ''}`
}

const percent = share => `${(100 * share).toFixed(1)} %`
const accuracy = ({ run }) => percent(run.summary.best_test_accuracy)

const lab = await startLab()
const sick = await examine(lab, broken.map(({ config }) => config))
const well = await examine(lab, healthy)
await lab.end()

const rows = [
  ...sick.map((patient, i) => {
    const [first, ...others] = patient.diagnosis.findings
    return [
      patient.config.name,
      accuracy(patient),
      broken[i].planted,
      first?.code ?? 'none',
      first ? measured(first) : '',
      others.map(({ code }) => code).join(', '),
    ]
  }),
  ...well.map(patient => {
    const [first, ...others] = patient.diagnosis.findings
    return [
      patient.config.name,
      accuracy(patient),
      'healthy',
      first?.code ?? 'none',
      first ? measured(first) : '',
      others.map(({ code }) => code).join(', '),
    ]
  }),
]
const text = table(['run', 'best test accuracy', 'planted', 'first finding', 'measured', 'also found'], rows)
console.log(text)
if (process.argv.includes('--write')) {
  const [before, rest] = fs.readFileSync(readme, 'utf8').split(marks[0])
  fs.writeFileSync(readme, `${before}${marks[0]}\n${text}\n${marks[1]}${rest.split(marks[1])[1]}`)
}
