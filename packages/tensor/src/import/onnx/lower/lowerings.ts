import { normalisationOf } from '../evaluate/evaluateElements.ts'
import { codeOf } from '../evaluate/evaluateQuantisation.ts'
import { refuse, reject } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { floats } from '../Tensor.ts'
import { unaryOperators } from '../unary.ts'
import { clampOf } from './clamp.ts'
import type { Lower, Lowering } from './Lowering.ts'
import { imageOf, lowerConv, placeImage } from './lowerConv.ts'
import { lowerBinary } from './lowerElements.ts'
import { lowerClip, lowerUnary, requantise } from './lowerLookup.ts'
import { lowerConcat, lowerPad, lowerReshape, lowerTranspose } from './lowerMoves.ts'
import { lowerMean, lowerPool } from './lowerPool.ts'
import { lowerGemm, lowerMatMul, unitWindow } from './lowerProducts.ts'
import { lowerSoftmax } from './lowerSoftmax.ts'
import { weightRowsOf } from './weightRows.ts'

/** BatchNormalization that no product before it takes up: a weight for each channel of an image. */
const lowerBatchNormalization: Lower = (node, lowering) => {
  const inputs = node.inputs.map((name, i) => (i === 0 ? undefined : lowering.constantOf(name)))
  const { scale, shift } = normalisationOf(node, inputs)
  const channels = scale.length
  const { length } = lowering.dimsOf(node.inputs[0]!)
  if (length !== 4) refuse(node, 'dimensions of its input', length, 4)
  const source = imageOf(lowering, node.inputs[0]!)
  lowering.builder.reserveRows(channels, 1)
  const tail = lowering.takeTail(node)
  const whole = { ...tail, scale: new Float64Array(channels).fill(1), shift }
  const weights = floats([channels, 1], Float32Array.from(scale))
  const rows = weightRowsOf(node, {
    ...{ weights, axis: 0, outputs: channels, taps: 1, bias: undefined },
    ...{ at: (o: number) => o, tail: whole, input: source.quantisation },
  })
  const [width, height] = [source.rowBytes / channels, source.rows]
  const tensor = lowering.builder.add(
    {
      ...{ kind: 'conv', source: source.tensor, groups: channels, ...unitWindow, rows },
      ...{ width, channels, height, outputWidth: width, inputZero: source.quantisation.zero },
      ...clampOf(tail, tail.quantisation),
    },
    source,
  )
  const window = { outputHeight: height, outputWidth: width }
  placeImage(lowering, tail.name, { tensor, channels, quantisation: tail.quantisation, window })
}

/** What bytes stand for by the scale and zero point that a node names. */
export function storedQuantisation(
  node: OnnxNode,
  lowering: Pick<Lowering, 'constantOf' | 'dimsOf'>,
) {
  const inputs = node.inputs.map((name) => lowering.constantOf(name))
  const dims = lowering.dimsOf(node.inputs[0]!)
  if (inputs[1] === undefined) return refuse(node, 'its scale', 'computed', 'constant')
  const { scales, zeroPoints } = codeOf(node, [
    floats(dims, new Float32Array()),
    ...inputs.slice(1),
  ])
  if (scales.length !== 1) return refuse(node, 'its scales', scales.length, 'one for activations')
  const type = inputs[2]?.type ?? 'UINT8'
  if (type !== 'INT8' && type !== 'UINT8') return refuse(node, 'its type', type, 'INT8 or UINT8')
  return { scale: scales[0]!, zero: zeroPoints[0]! + (type === 'INT8' ? 128 : 0) }
}

/** QuantizeLinear: bytes already are integers. */
const lowerQuantize: Lower = (node, lowering) => {
  const value = lowering.read(node.inputs[0]!)
  lowering.place(node.outputs[0]!, requantise(lowering, value, storedQuantisation(node, lowering)))
}

/** DequantizeLinear: says what bytes stand for. */
const lowerDequantize: Lower = (node, lowering) => {
  const value = lowering.read(node.inputs[0]!)
  const quantisation = storedQuantisation(node, lowering)
  if (value.layout.length === 0) reject(node, 'reads nothing')
  lowering.place(node.outputs[0]!, { ...value, quantisation })
}

/** The operators that become layers, by their names. */
export const lowerings: Record<string, Lower> = {
  ...Object.fromEntries(unaryOperators.map((operator) => [operator, lowerUnary])),
  Add: lowerBinary,
  AveragePool: lowerPool,
  BatchNormalization: lowerBatchNormalization,
  Clip: lowerClip,
  Concat: lowerConcat,
  Conv: lowerConv,
  DequantizeLinear: lowerDequantize,
  Div: lowerBinary,
  Dropout: lowerReshape,
  Flatten: lowerReshape,
  Gemm: lowerGemm,
  GlobalAveragePool: lowerMean,
  Identity: lowerReshape,
  MatMul: lowerMatMul,
  MaxPool: lowerPool,
  Mul: lowerBinary,
  Pad: lowerPad,
  Pow: lowerBinary,
  QuantizeLinear: lowerQuantize,
  ReduceMean: lowerMean,
  Reshape: lowerReshape,
  Softmax: lowerSoftmax,
  Squeeze: lowerReshape,
  Sub: lowerBinary,
  Transpose: lowerTranspose,
  Unsqueeze: lowerReshape,
}
