import type { ModelSpec, OperatorSpec, TensorSpec } from './buildModel.ts'
import * as specs from './specs.ts'

const { codes } = specs

/** A quantisation like any other. */
export const q = { scale: 0.5, zeroPoint: 0 }
/** An image, and a list. */
export const image: TensorSpec = { shape: [1, 4, 4, 2], ...q }
export const list: TensorSpec = { shape: [1, 4], ...q }

/** A convolution of one place that keeps the shape, with changes. */
export function conv(
  changes: {
    input?: Partial<TensorSpec>
    weights?: Partial<TensorSpec>
    bias?: Partial<TensorSpec>
    output?: Partial<TensorSpec>
    options?: OperatorSpec['options']
  } = {},
): ModelSpec {
  return {
    tensors: [
      { ...image, ...changes.input },
      { shape: [2, 1, 1, 2], data: [1, 2, 3, 4], scale: 0.1, ...changes.weights },
      { shape: [2], type: 'INT32', data: [0, 0], ...changes.bias },
      { ...image, ...changes.output },
    ],
    operators: [
      {
        code: codes.CONV_2D,
        inputs: [0, 1, 2],
        outputs: [3],
        options: changes.options ?? specs.convOptions(),
      },
    ],
  }
}

/** One operator with one input, and changes to its tensors. */
export function unary(
  code: number,
  input: Partial<TensorSpec> = {},
  output: Partial<TensorSpec> = {},
  options?: OperatorSpec['options'],
): ModelSpec {
  return {
    tensors: [
      { ...image, ...input },
      { ...image, ...output },
    ],
    operators: [{ code, inputs: [0], outputs: [1], ...(options && { options }) }],
  }
}

/** One operator with a constant or missing second input. */
export function binary(
  code: number,
  second: TensorSpec,
  output: TensorSpec,
  options?: OperatorSpec['options'],
) {
  return {
    tensors: [image, second, output],
    operators: [{ code, inputs: [0, 1], outputs: [2], ...(options && { options }) }],
  }
}

/** Two operators with a tensor of this kind between them. */
export function between(tensor: TensorSpec): ModelSpec {
  return {
    tensors: [image, tensor, image],
    operators: [
      { code: codes.RELU, inputs: [0], outputs: [1] },
      { code: codes.RELU, inputs: [1], outputs: [2] },
    ],
  }
}

/** Axes of a reduction. */
export const axes = (...data: number[]): TensorSpec => ({
  shape: [data.length],
  type: 'INT32',
  data,
})
/** What softmax and logistic return. */
export const softmaxed = { scale: 1 / 256, zeroPoint: -128 }
