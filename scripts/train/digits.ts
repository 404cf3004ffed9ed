/**
 * Trains the demo model, a classifier of handwritten digits, and writes `models/digits`. Everything follows from the
 * seeds below, down to the last byte.
 *
 *     npm run train
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { elementProofSize, type Program, traceLength, weightBytes } from '@assay/tensor'
import { createRandom } from '@assay/tensor/examples'
import { type Sample, saveProgram } from '@assay/tensor/node'
import { type FloatLayer, type QuantisedMlp, quantiseMlp } from '@assay/tensor/quantise'
import { concatBytes } from 'viem'

import { renderDigit } from '../lib/renderDigit.ts'
import { type DigitsCard, digits } from './card.ts'
import { drawSamples } from './drawSamples.ts'
import { floatAccuracy, programAccuracy } from './evaluate.ts'
import { silu, trainMlp } from './trainMlp.ts'

const { folder, seeds, counts, hidden, epochs, batch, rate } = digits

function train(samples: readonly Sample[]): FloatLayer[] {
  const model = trainMlp({
    random: createRandom(seeds.training),
    samples,
    hidden,
    classes: 10,
    epochs,
    batch,
    rate,
    onEpoch: (epoch, loss) => console.log(`epoch ${epoch}/${epochs}  loss ${loss.toFixed(4)}`),
  })
  return [
    { weights: model.weights1, biases: model.biases1, activation: silu },
    { weights: model.weights2, biases: model.biases2 },
  ]
}

function quantiseLayers(layers: FloatLayer[], samples: readonly Sample[]): QuantisedMlp {
  return quantiseMlp({
    input: { rows: 1, rowBytes: 784, quantisation: { scale: Math.fround(1 / 255), zero: 0 } },
    layers,
    calibration: samples.slice(0, counts.calibration).map(({ input }) => input),
  })
}

function describe(quantised: QuantisedMlp, accuracy: DigitsCard['accuracy']): DigitsCard {
  const { program, output } = quantised
  return {
    name: 'digits',
    description: `Handwritten digits, 28 × 28 pixels → ${hidden} SiLU → 10 scores`,
    data: 'Synthetic: drawn by scripts/train/drawDigit.ts, training and held-out samples alike',
    programRoot: program.tree.root,
    input: { rows: 1, rowBytes: 784, meaning: 'Ink of each pixel, row by row; 255 is black' },
    output: { ...output, meaning: 'One score per digit; the largest is the answer' },
    accuracy,
    samples: { file: 'samples.bin', count: counts.committed, layout: 'label(1) ‖ pixels(784)' },
    training: { seeds, counts, epochs, batch, rate },
    sizes: sizesOf(program),
  }
}

function sizesOf(program: Program): DigitsCard['sizes'] {
  const multiplications = program.weights.map((weights) => weights?.values.length ?? 0)
  return {
    multiplyAccumulates: multiplications.reduce((a, b) => a + b),
    weightBytes: weightBytes(program).length,
    traceBytes: traceLength(program),
    elementProofBytes: elementProofSize(program).bytes,
  }
}

const startedAt = performance.now()
const training = drawSamples(seeds.training, counts.training)
const heldOut = drawSamples(seeds.heldOut, counts.heldOut)
console.log(`${training.length} digits drawn, such as this ${training[4]!.label}:`)
console.log(renderDigit(training[4]!.input).join('\n'))

const layers = train(training)
const quantised = quantiseLayers(layers, training)
const accuracy = {
  samples: heldOut.length,
  float: floatAccuracy(layers, heldOut),
  int8: programAccuracy(quantised.program, heldOut),
}
const committed = heldOut.slice(0, counts.committed)
const samples = committed.map(({ label, input }) => concatBytes([Uint8Array.of(label), input]))

await saveProgram({ folder, program: quantised.program })
writeFileSync(join(folder, 'samples.bin'), concatBytes(samples))
const card = describe(quantised, accuracy)
writeFileSync(join(folder, 'model.json'), `${JSON.stringify(card, null, 2)}\n`)

console.log(`held-out accuracy: float ${accuracy.float}, int8 ${accuracy.int8}`)
console.log(`${folder}: program ${card.programRoot}, ${card.sizes.weightBytes} bytes of weights`)
console.log(`${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
