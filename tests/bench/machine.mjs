// What the figures were measured on, and small statistics that every bench shares.

import { execFileSync } from 'node:child_process'
import os from 'node:os'

const run = (command, ...args) => {
  try {
    return execFileSync(command, args, { encoding: 'utf8' }).trim().split('\n')[0]
  } catch {
    return 'not found'
  }
}

export const describeMachine = () =>
  [
    `Machine: ${os.cpus()[0].model}, ${os.cpus().length} cores, ${os.type()} ${os.release()}`,
    `Versions: ${run('build/sweetspot', '--version')}; ${run('cc', '--version')}; ` +
      `PyTorch ${run('/usr/bin/python3', '-c', 'import torch; print(torch.__version__)')}`,
    '',
  ].join('\n')

/** @param {number[]} values */
export const median = values => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** @param {string[]} head @param {string[][]} rows */
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n') +
  '\n'
