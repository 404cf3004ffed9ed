import { unaryOperators } from '../unary.ts'
import type { Lower } from './Lowering.ts'
import { lowerBatchNormalization } from './lowerBatchNormalization.ts'
import { lowerConv } from './lowerConv.ts'
import { lowerBinary } from './lowerElements.ts'
import { lowerClip, lowerUnary } from './lowerLookup.ts'
import { lowerConcat, lowerPad, lowerReshape, lowerTranspose } from './lowerMoves.ts'
import { lowerMean, lowerPool } from './lowerPool.ts'
import { lowerGemm, lowerMatMul } from './lowerProducts.ts'
import { lowerDequantize, lowerQuantize } from './lowerQuantisation.ts'
import { lowerSoftmax } from './lowerSoftmax.ts'

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
