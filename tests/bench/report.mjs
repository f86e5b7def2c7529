// From sections to Markdown: the table of bars and the README's short block.

import fs from 'node:fs'
import { table } from './machine.mjs'

const BEGIN = '<!-- make bench writes from here -->'
const END = '<!-- to here -->'

/**
 * @typedef {{title: string, text: string, bars: import('./machine.mjs').Bar[],
 *   short?: string}} Section  short: what the README says of it
 */

const verdict = met => (met === null ? 'not measured' : met ? 'met' : '**NOT MET**')

/** @param {Section[]} sections */
export const barTable = sections =>
  table(
    ['bar', 'measured', ''],
    sections
      .flatMap(({ bars }) => bars)
      .map(each => [each.what, each.figure, verdict(each.met)]),
  )

/** @param {string} machine @param {Section[]} sections */
export const shortReport = (machine, sections) =>
  [`${machine.split('\n')[0].trim()}.`, ...sections.flatMap(({ short }) => short ?? [])].join(
    '\n\n',
  )

/**
 * Puts `text` between the two marker comments of a file.
 * @param {string} path @param {string} text
 */
export const replaceBlock = (path, text) => {
  const before = fs.readFileSync(path, 'utf8')
  const start = before.indexOf(BEGIN)
  const end = before.indexOf(END)
  if (start < 0 || end < start) throw new Error(`${path} has lost the marks of its speed table`)
  fs.writeFileSync(
    path,
    `${before.slice(0, start + BEGIN.length)}\n\n${text.trim()}\n\n${before.slice(end)}`,
  )
}
