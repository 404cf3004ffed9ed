/** A fully connected layer in floating point. */
export type FloatLayer = {
  /** Weights of output 0, then of output 1 …; one per input each. */
  weights: Float32Array
  /** One per output. */
  biases: Float32Array
  /** Applied to each output; none if missing. */
  activation?: (x: number) => number
}

/** Outputs of a layer, before and after its activation. */
export type LayerOutputs = {
  sums: Float64Array
  outputs: Float64Array
}

/** Runs one layer. */
export function runLayer(layer: FloatLayer, inputs: ArrayLike<number>): LayerOutputs {
  const { weights, biases, activation } = layer
  const sums = Float64Array.from(biases, (bias, j) => {
    let sum = bias
    for (let i = 0; i < inputs.length; i += 1) sum += weights[j * inputs.length + i]! * inputs[i]!
    return sum
  })
  return { sums, outputs: activation ? sums.map(activation) : sums }
}
