import { unaryOperators } from '../unary.ts'
import type { Evaluate } from './Evaluate.ts'
import * as elements from './evaluateElements.ts'
import * as moves from './evaluateMoves.ts'
import { evaluateGemm, evaluateMatMul } from './evaluateProducts.ts'
import { evaluateDequantize, evaluateQuantize } from './evaluateQuantisation.ts'
import { evaluateConv, evaluatePool } from './evaluateWindows.ts'

/** What ONNX's operators compute, by their names. */
export const evaluators: Record<string, Evaluate> = {
  ...Object.fromEntries(unaryOperators.map((operator) => [operator, elements.evaluateUnary])),
  Add: elements.evaluateBinary,
  AveragePool: evaluatePool,
  BatchNormalization: elements.evaluateBatchNormalization,
  Cast: moves.evaluateCast,
  Clip: elements.evaluateClip,
  Concat: moves.evaluateConcat,
  Conv: evaluateConv,
  DequantizeLinear: evaluateDequantize,
  Div: elements.evaluateBinary,
  Dropout: moves.evaluateReshape,
  Flatten: moves.evaluateReshape,
  Gather: moves.evaluateGather,
  Gemm: evaluateGemm,
  GlobalAveragePool: moves.evaluateMean,
  Identity: moves.evaluateReshape,
  MatMul: evaluateMatMul,
  MaxPool: evaluatePool,
  Mul: elements.evaluateBinary,
  Pad: moves.evaluatePad,
  Pow: elements.evaluateBinary,
  QuantizeLinear: evaluateQuantize,
  ReduceMean: moves.evaluateMean,
  Reshape: moves.evaluateReshape,
  Shape: moves.evaluateShape,
  Softmax: elements.evaluateSoftmax,
  Squeeze: moves.evaluateReshape,
  Sub: elements.evaluateBinary,
  Transpose: moves.evaluateTranspose,
  Unsqueeze: moves.evaluateReshape,
}
