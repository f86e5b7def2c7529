// Trains with the command line, `sweetspot train -`: the trainer alone, no server. What it
// says on standard error stands in the error when it refuses.

import { execFile, execFileSync } from 'node:child_process'
import { binary } from './machine.mjs'

const parse = text =>
  text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

/** @param {object} config @returns {any[]} each point as it was printed */
export const trainPoints = config =>
  parse(
    execFileSync(binary, ['train', '-'], {
      input: JSON.stringify(config),
      encoding: 'utf8',
      stdio: 'pipe',
    }),
  )

/**
 * The same, with what the whole process used.
 * @param {object} config
 * @returns {{points: any[], wall: number, cpu: number, peakBytes: number}} seconds, bytes
 */
export const trainUsage = config => {
  const words = ['tests/bench/usage.py', binary, 'train', '-']
  const lines = execFileSync('/usr/bin/python3', words, {
    input: JSON.stringify(config),
    encoding: 'utf8',
    stdio: 'pipe',
  })
  const points = parse(lines)
  return { ...points.pop(), points }
}

/** Training seconds behind the first point, which is there to warm up. */
export const secondsAfterFirst = points =>
  points.at(-1).train_seconds - points[0].train_seconds

/** The same without waiting, so that several can train at once. @param {object} config */
export const trainBeside = config =>
  new Promise((resolve, reject) => {
    const child = execFile(binary, ['train', '-'], (error, stdout) =>
      error ? reject(error) : resolve(parse(stdout)),
    )
    child.stdin.end(JSON.stringify(config))
  })
