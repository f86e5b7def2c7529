// One PyTorch process that measures on request: it takes two seconds to start.

import { spawn } from 'node:child_process'
import readline from 'node:readline'
import { blasEnvironment, mnist } from './machine.mjs'

/**
 * What one measurement trains: `samples` pictures once to warm up, then `passes` times.
 * @typedef {{hidden: number[], batch: number, optimizer: string, samples: number,
 *   passes: number}} Training
 */

export const startTorch = async () => {
  const child = spawn('/usr/bin/python3', ['tests/bench/torch_peer.py', mnist], {
    env: blasEnvironment,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the PyTorch process ended')
    return value
  }
  const name = await answer()
  /** @param {Training} training @returns {Promise<number>} seconds of the passes */
  const measure = async ({ hidden, batch, optimizer, samples, passes }) => {
    child.stdin.write(`${hidden} ${batch} ${optimizer} ${samples} ${passes}\n`)
    return Number(await answer())
  }
  return { name, measure, end: () => child.stdin.end() }
}
