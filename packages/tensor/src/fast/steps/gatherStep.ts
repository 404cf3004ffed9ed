import type { ConvOperator } from '../../program/Operator.ts'
import { inputsOf } from '../../program/weightShape.ts'
import { outputWord } from '../outputWord.ts'
import { packScales, packWeights } from '../packNeurons.ts'
import type { Step, StepContext } from '../Step.ts'

/** Convolution that copies every window before it multiplies: in memory of one window, whatever the geometry. */
export function gatherStep(operator: ConvOperator, context: StepContext): Step {
  const { program, arena, places, tensor } = context
  const { groups, outputs, rows, rowBytes } = operator
  const count = outputs / groups
  const inputs = inputsOf(operator)
  const parts = Array.from({ length: groups }, (_, group) => {
    const neurons = { neurons: program.weights[tensor]!, first: group * count, count }
    const weights = arena.store(packWeights({ ...neurons, runLength: inputs, runs: 1 }))
    return { group, weights, scales: arena.store(packScales(neurons)) }
  })
  const taps = arena.store(Int32Array.of(0))
  const window = context.scratch(2 * inputs)
  const [pairs, output] = [Math.ceil(inputs / 2), outputWord(operator)]
  const [source, columns] = [places[operator.source]!, rowBytes / outputs]
  const { convolve, memory } = arena.kernels

  return () => {
    const bytes = arena.view(source.address, source.rows * source.rowBytes)
    const { address } = window
    const values = new Int16Array(memory.buffer, address, inputs)
    for (let place = 0; place < rows * columns; place += 1) {
      for (const { group, weights, scales } of parts) {
        gather(operator, bytes, Math.floor(place / columns), place % columns, group, values)
        const out = places[tensor]!.address + place * outputs + group * count
        convolve(address, 1, 1, 0, 0, taps, 1, pairs, weights, scales, out, outputs, count, output)
      }
    }
  }
}

/** Writes the values that one group's window reads for output row `row`, place `column`. */
function gather(
  operator: ConvOperator,
  source: Uint8Array,
  row: number,
  column: number,
  group: number,
  values: Int16Array,
) {
  const { width, channels, groups, kernelHeight, kernelWidth, inputZero } = operator
  const lineBytes = width * channels
  const depth = channels / groups
  let at = 0
  for (let ky = 0; ky < kernelHeight; ky += 1) {
    const line = row * operator.strideHeight + ky * operator.dilationHeight - operator.padTop
    for (let kx = 0; kx < kernelWidth; kx += 1, at += depth) {
      const place = column * operator.strideWidth + kx * operator.dilationWidth - operator.padLeft
      const first = line * lineBytes + place * channels + group * depth
      const isInside = line >= 0 && first < source.length && place >= 0 && place < width
      if (isInside) values.set(source.subarray(first, first + depth), at)
      else values.fill(inputZero, at, at + depth)
    }
  }
}
