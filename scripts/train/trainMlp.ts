import type { Random } from '@assay/tensor/examples'
import type { Sample } from '@assay/tensor/node'

import { type AdamState, createAdam, stepAdam } from './adam.ts'
import { normal } from './drawDigit.ts'

/** A classifier with one hidden layer; every matrix lies row by row, one row per output. */
export type Mlp = {
  inputs: number
  hidden: number
  classes: number
  weights1: Float32Array
  biases1: Float32Array
  weights2: Float32Array
  biases2: Float32Array
}

export type TrainMlpParameters = {
  random: Random
  samples: readonly Sample[]
  hidden: number
  classes: number
  epochs: number
  batch: number
  /** Step size of the first epoch; it falls to a tenth of it. */
  rate: number
  /** Called after each epoch with its mean loss. */
  onEpoch: (epoch: number, loss: number) => void
}

/** x · sigmoid(x), the hidden layer's activation. */
export function silu(x: number): number {
  return x / (1 + Math.exp(-x))
}

function siluSlope(x: number) {
  const sigmoid = 1 / (1 + Math.exp(-x))
  return sigmoid * (1 + x * (1 - sigmoid))
}

/** Trains a classifier with Adam on the cross entropy of its softmax. Input bytes count as byte / 255. */
export function trainMlp(parameters: TrainMlpParameters): Mlp {
  const { random, samples, hidden, classes, epochs, batch, rate, onEpoch } = parameters
  const model = initialise(random, samples[0]!.input.length, hidden, classes)
  const gradients = zerosLike(model)
  const states = tensorsOf(model).map(createAdam)
  const order = Array.from(samples.keys())

  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(random, order)
    const epochRate = rate * 0.1 ** (epoch / Math.max(epochs - 1, 1))
    let loss = 0
    for (let start = 0; start < order.length; start += batch) {
      const chosen = order.slice(start, start + batch)
      for (const i of chosen) loss += accumulate(model, gradients, samples[i]!)
      update(model, gradients, states, epochRate, chosen.length)
    }
    onEpoch(epoch + 1, loss / samples.length)
  }
  return model
}

/** Weights spread so that sums keep the spread of their inputs (He). */
function initialise(random: Random, inputs: number, hidden: number, classes: number): Mlp {
  const spread = (length: number, fanIn: number) =>
    Float32Array.from({ length }, () => normal(random) * Math.sqrt(2 / fanIn))
  return {
    inputs,
    hidden,
    classes,
    weights1: spread(inputs * hidden, inputs),
    biases1: new Float32Array(hidden),
    weights2: spread(hidden * classes, hidden),
    biases2: new Float32Array(classes),
  }
}

function tensorsOf(model: Mlp) {
  return [model.weights1, model.biases1, model.weights2, model.biases2]
}

function zerosLike(model: Mlp): Mlp {
  const [weights1, biases1, weights2, biases2] = tensorsOf(model).map(
    ({ length }) => new Float32Array(length),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array]
  return { ...model, weights1, biases1, weights2, biases2 }
}

/** Adds one sample's gradients and returns its loss. */
function accumulate(model: Mlp, gradients: Mlp, { input, label }: Sample): number {
  const { inputs, hidden, classes, weights1, biases1, weights2, biases2 } = model
  const pixels = Float64Array.from(input, (byte) => byte / 255)
  const sums = affine(weights1, biases1, pixels)
  const activated = sums.map(silu)
  const probabilities = softmax(affine(weights2, biases2, activated))
  const loss = -Math.log(Math.max(probabilities[label]!, 1e-12))

  const slopes = new Float64Array(hidden)
  for (let k = 0; k < classes; k += 1) {
    const error = probabilities[k]! - (k === label ? 1 : 0)
    gradients.biases2[k]! += error
    for (let j = 0; j < hidden; j += 1) {
      gradients.weights2[k * hidden + j]! += error * activated[j]!
      slopes[j]! += error * weights2[k * hidden + j]!
    }
  }
  for (let j = 0; j < hidden; j += 1) {
    const error = slopes[j]! * siluSlope(sums[j]!)
    gradients.biases1[j]! += error
    for (let i = 0; i < inputs; i += 1) gradients.weights1[j * inputs + i]! += error * pixels[i]!
  }
  return loss
}

function affine(weights: Float32Array, biases: Float32Array, values: Float64Array): Float64Array {
  return Float64Array.from(biases, (bias, j) => {
    let sum = bias
    for (let i = 0; i < values.length; i += 1) sum += weights[j * values.length + i]! * values[i]!
    return sum
  })
}

function softmax(logits: Float64Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b))
  const powers = logits.map((logit) => Math.exp(logit - largest))
  const total = powers.reduce((a, b) => a + b)
  return powers.map((power) => power / total)
}

function update(model: Mlp, gradients: Mlp, states: AdamState[], rate: number, count: number) {
  const slopes = tensorsOf(gradients)
  for (const [i, values] of tensorsOf(model).entries()) {
    stepAdam({ state: states[i]!, values, slopes: slopes[i]!, rate, count })
    slopes[i]!.fill(0)
  }
}

function shuffle(random: Random, values: number[]) {
  for (let i = values.length - 1; i > 0; i -= 1) {
    const j = random.integer(0, i)
    const value = values[i]!
    values[i] = values[j]!
    values[j] = value
  }
}
