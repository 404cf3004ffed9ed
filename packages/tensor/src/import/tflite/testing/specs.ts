import {
  AddOptions,
  ConcatenationOptions,
  Conv2DOptions,
  DepthwiseConv2DOptions,
  FullyConnectedOptions,
  MulOptions,
  Pool2DOptions,
  SoftmaxOptions,
} from '../generated/tflite_generated.ts'
import type { OperatorSpec } from './buildModel.ts'

/** Numbers of the builtin operators that tests use. */
export const codes = {
  ...{ ADD: 0, AVERAGE_POOL_2D: 1, CONCATENATION: 2, CONV_2D: 3, DEPTHWISE_CONV_2D: 4 },
  ...{ DEQUANTIZE: 6, FULLY_CONNECTED: 9, LOGISTIC: 14, MAX_POOL_2D: 17, MUL: 18, RELU: 19 },
  ...{ RELU6: 21, RESHAPE: 22, SOFTMAX: 25, TANH: 28, CUSTOM: 32, PAD: 34, MEAN: 40 },
  ...{ TRANSPOSE_CONV: 67, QUANTIZE: 114, WHILE: 119 },
} as const

/** Numbers of paddings and of fused activations. */
export const padding = { SAME: 0, VALID: 1 } as const
export const activations = { NONE: 0, RELU: 1, RELU_N1_TO_1: 2, RELU6: 3, TANH: 4 } as const

/** Options of a window; height, then width. */
export type WindowSpec = {
  padding?: number
  stride?: readonly [number, number]
  dilation?: readonly [number, number]
  kernel?: readonly [number, number]
  activation?: number
  biasType?: number
}

type Options = NonNullable<OperatorSpec['options']>

export function convOptions(spec: WindowSpec = {}): Options {
  return [
    1,
    (builder) => {
      Conv2DOptions.startConv2DOptions(builder)
      Conv2DOptions.addPadding(builder, spec.padding ?? padding.VALID)
      Conv2DOptions.addStrideH(builder, spec.stride?.[0] ?? 1)
      Conv2DOptions.addStrideW(builder, spec.stride?.[1] ?? 1)
      Conv2DOptions.addDilationHFactor(builder, spec.dilation?.[0] ?? 1)
      Conv2DOptions.addDilationWFactor(builder, spec.dilation?.[1] ?? 1)
      Conv2DOptions.addFusedActivationFunction(builder, spec.activation ?? 0)
      Conv2DOptions.addQuantizedBiasType(builder, spec.biasType ?? 0)
      return Conv2DOptions.endConv2DOptions(builder)
    },
  ]
}

export function depthwiseOptions(spec: WindowSpec = {}): Options {
  return [
    2,
    (builder) => {
      DepthwiseConv2DOptions.startDepthwiseConv2DOptions(builder)
      DepthwiseConv2DOptions.addPadding(builder, spec.padding ?? padding.VALID)
      DepthwiseConv2DOptions.addStrideH(builder, spec.stride?.[0] ?? 1)
      DepthwiseConv2DOptions.addStrideW(builder, spec.stride?.[1] ?? 1)
      DepthwiseConv2DOptions.addDilationHFactor(builder, spec.dilation?.[0] ?? 1)
      DepthwiseConv2DOptions.addDilationWFactor(builder, spec.dilation?.[1] ?? 1)
      DepthwiseConv2DOptions.addFusedActivationFunction(builder, spec.activation ?? 0)
      return DepthwiseConv2DOptions.endDepthwiseConv2DOptions(builder)
    },
  ]
}

export function poolOptions(spec: WindowSpec = {}): Options {
  return [
    5,
    (builder) => {
      Pool2DOptions.startPool2DOptions(builder)
      Pool2DOptions.addPadding(builder, spec.padding ?? padding.VALID)
      Pool2DOptions.addStrideH(builder, spec.stride?.[0] ?? 1)
      Pool2DOptions.addStrideW(builder, spec.stride?.[1] ?? 1)
      Pool2DOptions.addFilterHeight(builder, spec.kernel?.[0] ?? 1)
      Pool2DOptions.addFilterWidth(builder, spec.kernel?.[1] ?? 1)
      Pool2DOptions.addFusedActivationFunction(builder, spec.activation ?? 0)
      return Pool2DOptions.endPool2DOptions(builder)
    },
  ]
}

export function fullyConnectedOptions(activation = 0, weightsFormat = 0): Options {
  return [
    8,
    (builder) => {
      FullyConnectedOptions.startFullyConnectedOptions(builder)
      FullyConnectedOptions.addFusedActivationFunction(builder, activation)
      FullyConnectedOptions.addWeightsFormat(builder, weightsFormat)
      return FullyConnectedOptions.endFullyConnectedOptions(builder)
    },
  ]
}

export function softmaxOptions(beta = 1): Options {
  return [9, (builder) => SoftmaxOptions.createSoftmaxOptions(builder, beta)]
}

export function concatenationOptions(axis: number, activation = 0): Options {
  return [
    10,
    (builder) => ConcatenationOptions.createConcatenationOptions(builder, axis, activation),
  ]
}

export function addOptions(activation = 0): Options {
  return [11, (builder) => AddOptions.createAddOptions(builder, activation)]
}

export function mulOptions(activation = 0): Options {
  return [21, (builder) => MulOptions.createMulOptions(builder, activation)]
}
