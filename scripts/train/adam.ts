/** Running means of a tensor's slopes and of their squares. */
export type AdamState = {
  steps: number
  means: Float64Array
  squares: Float64Array
}

export type StepAdamParameters = {
  state: AdamState
  /** What is being optimised. */
  values: Float32Array
  /** Sum of the slopes of `count` samples. */
  slopes: Float32Array
  rate: number
  count: number
}

const meanDecay = 0.9
const squareDecay = 0.999
/** Pull of the weights towards zero, in parts of the rate. */
const weightDecay = 0.002

export function createAdam({ length }: Float32Array): AdamState {
  return { steps: 0, means: new Float64Array(length), squares: new Float64Array(length) }
}

/** Moves values against their slopes (Kingma & Ba 2014, with decoupled weight decay). */
export function stepAdam(parameters: StepAdamParameters): void {
  const { state, values, slopes, rate, count } = parameters
  const { means, squares } = state
  state.steps += 1
  const meanScale = 1 / (1 - meanDecay ** state.steps)
  const squareScale = 1 / (1 - squareDecay ** state.steps)
  for (let i = 0; i < values.length; i += 1) {
    const slope = slopes[i]! / count
    const mean = meanDecay * means[i]! + (1 - meanDecay) * slope
    const square = squareDecay * squares[i]! + (1 - squareDecay) * slope * slope
    means[i] = mean
    squares[i] = square
    const step = (mean * meanScale) / (Math.sqrt(square * squareScale) + 1e-8)
    values[i]! -= rate * (step + weightDecay * values[i]!)
  }
}
