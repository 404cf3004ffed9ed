import {
  computeTensor,
  multiplyByQuantizedMultiplier,
  type Program,
  type Weights,
} from '@assay/tensor'

type Conv = Extract<Program['operators'][number], { kind: 'conv' }>

/** Multiplies bytes, a row of A by a row of B at a time, as one writes it with typed arrays. */
export function multiply(
  a: Uint8Array,
  b: Int8Array,
  { rows, inputs, outputs }: { rows: number; inputs: number; outputs: number },
): Int32Array {
  const product = new Int32Array(rows * outputs)
  for (let row = 0; row < rows; row += 1) {
    for (let output = 0; output < outputs; output += 1) {
      let acc = 0
      const [from, weights] = [row * inputs, output * inputs]
      for (let i = 0; i < inputs; i += 1) acc += a[from + i]! * b[weights + i]!
      product[row * outputs + output] = acc
    }
  }
  return product
}

/** Executes a program with loops over typed arrays where the arithmetic is, and as the reference does elsewhere. */
export function executeTyped(program: Program, input: Uint8Array): Uint8Array[] {
  const tensors = [input]
  for (const [tensor, operator] of program.operators.entries()) {
    if (operator.kind === 'input') continue
    tensors.push(
      operator.kind === 'conv'
        ? convolve(operator, program.weights[tensor]!, tensors[operator.source]!)
        : computeTensor(program, tensor, tensors),
    )
  }
  return tensors
}

function convolve(operator: Conv, weights: Weights, source: Uint8Array): Uint8Array {
  const { rows, rowBytes, outputs } = operator
  const output = new Uint8Array(rows * rowBytes)
  const columns = rowBytes / outputs
  const window = new Uint8Array(operator.kernelHeight * operator.kernelWidth * operator.channels)
  for (let place = 0; place < rows * columns; place += 1) {
    gather(operator, source, Math.floor(place / columns), place % columns, window)
    convolvePlace(
      operator,
      weights,
      window,
      output.subarray(place * outputs, (place + 1) * outputs),
    )
  }
  return output
}

function convolvePlace(operator: Conv, weights: Weights, window: Uint8Array, output: Uint8Array) {
  const { outputZero, clampMin, clampMax } = operator
  const { biases, multipliers, shifts, values } = weights
  for (let o = 0; o < output.length; o += 1) {
    let acc = biases[o]!
    const row = o * window.length
    for (let i = 0; i < window.length; i += 1) acc += window[i]! * values[row + i]!
    const scaled = multiplyByQuantizedMultiplier(acc | 0, multipliers[o]!, shifts[o]!)
    output[o] = Math.min(Math.max(scaled + outputZero, clampMin), clampMax)
  }
}

/** Copies the bytes under a window. */
function gather(
  operator: Conv,
  source: Uint8Array,
  row: number,
  column: number,
  window: Uint8Array,
) {
  const { width, channels, kernelHeight, kernelWidth, inputZero } = operator
  const height = source.length / (width * channels)
  let at = 0
  for (let ky = 0; ky < kernelHeight; ky += 1) {
    const line = row * operator.strideHeight + ky - operator.padTop
    for (let kx = 0; kx < kernelWidth; kx += 1, at += channels) {
      const place = column * operator.strideWidth + kx - operator.padLeft
      const from = (line * width + place) * channels
      const isInside = line >= 0 && line < height && place >= 0 && place < width
      if (isInside) window.set(source.subarray(from, from + channels), at)
      else window.fill(inputZero, at, at + channels)
    }
  }
}
