// What the figures were measured on, and small things that every bench shares.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** With --quick every script runs with tiny counts: to see that it works, not how fast. */
export const quick = process.argv.includes('--quick')

export const binary = process.env.SWEETSPOT_BIN ?? path.join('build', 'sweetspot')
const build = path.dirname(binary)
export const mnist = path.join(build, 'datasets', 'mnist')
/** @param {string} name of a C program of this folder */
export const program = name => path.join(build, 'tests', 'bench', name)

const cpuHas = flag => {
  try {
    return fs.readFileSync('/proc/cpuinfo', 'utf8').includes(` ${flag} `)
  } catch {
    return false
  }
}

/** One thread, and the best kernel: Debian's OpenBLAS does not know newer CPUs and falls
 * back to a slow one. */
export const blasEnvironment = {
  ...process.env,
  OMP_NUM_THREADS: '1',
  ...(cpuHas('avx512f') ? { OPENBLAS_CORETYPE: 'SKYLAKEX' } : {}),
}

const run = (command, ...args) => {
  try {
    return execFileSync(command, args, { encoding: 'utf8' }).trim().split('\n')[0]
  } catch {
    return 'not found'
  }
}

export const describeMachine = () =>
  [
    `Machine: ${os.cpus()[0].model}, ${os.cpus().length} cores, ${os.type()} ${os.release()}  `,
    `Versions: ${run(binary, '--version')} (${run('git', 'rev-parse', '--short', 'HEAD')}); ` +
      `${run('cc', '--version')}; Node ${process.version}; ` +
      `PyTorch ${run('/usr/bin/python3', '-c', 'import torch; print(torch.__version__)')}  `,
    `Load when it began: ${os.loadavg()[0].toFixed(2)}`,
    '',
  ].join('\n')

/** @param {number[]} values */
export const median = values => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** @param {number[]} values */
export const geometricMean = values =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)

/** @param {string[]} head @param {string[][]} rows */
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n') +
  '\n'

/**
 * One promise and what came of it.
 * @typedef {{what: string, figure: string, met: boolean | null}} Bar  null: not measured
 * @param {string} what @param {string} figure @param {boolean | null} met @returns {Bar}
 */
export const bar = (what, figure, met) => ({ what, figure, met })

/** @param {number} count rounds of a full run */
export const rounds = count => (quick ? 1 : count)

/** @param {string} text shown on standard error while it goes on */
export const progress = text => process.stderr.write(`${text}\n`)
