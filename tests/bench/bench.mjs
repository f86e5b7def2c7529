// Figures, not tests: every number is a median of runs that alternate with their peer in
// this one process, because only ratios within one run mean anything on a shared machine.
//
//   node tests/bench/bench.mjs        (make bench)

import { epochSpeed } from './epoch.mjs'
import { recordingCost } from './recording.mjs'
import { describeMachine } from './machine.mjs'

console.log(describeMachine())
console.log(await epochSpeed())
console.log(await recordingCost())
