// Samples a second of the scalar engine, one node a number: 784-16-10 with SGD.

import { bar, median, quick, rounds, table } from './machine.mjs'
import { secondsAfterFirst, trainPoints } from './trainer.mjs'

const ROUNDS = rounds(5)
const MICROGRAD = 2.7 // samples/s of micrograd in Python on this network
const CASES = [
  { batch: 16, samples: quick ? 160 : 16000, least: 20000 },
  { batch: 1, samples: quick ? 40 : 4000, least: 5000 },
]

const samplesPerSecond = ({ batch, samples }) => {
  const points = trainPoints({
    engine: 'scalar',
    hidden: [16],
    batch_size: batch,
    lr: 0.01,
    train_samples: samples,
    test_samples: 100,
    epochs: 2,
    diagnostics: false,
  })
  return samples / secondsAfterFirst(points)
}

const whole = rate => Math.round(rate).toLocaleString('en')

export const scalar = async () => {
  const rates = CASES.map(() => [])
  for (let round = 0; round < ROUNDS; round++)
    CASES.forEach((each, i) => rates[i].push(samplesPerSecond(each)))
  const results = CASES.map((each, i) => ({ ...each, rate: median(rates[i]) }))
  return {
    title: 'Scalar engine',
    text:
      `784-16-10, SGD, one thread; medians of ${ROUNDS} rounds. ` +
      `micrograd in Python ${MICROGRAD} samples/s.\n\n` +
      table(
        ['batch', 'samples/s', 'times micrograd'],
        results.map(({ batch, rate }) => [`${batch}`, whole(rate), whole(rate / MICROGRAD)]),
      ),
    bars: results.map(({ batch, least, rate }) =>
      bar(
        `scalar engine, batch ${batch}: at least ${whole(least)} samples/s`,
        `${whole(rate)} samples/s`,
        rate >= least,
      ),
    ),
    short:
      `The scalar engine trains ${whole(results[0].rate)} samples/s of 784-16-10 at batch 16 ` +
      `(micrograd in Python: ${MICROGRAD}).`,
  }
}
