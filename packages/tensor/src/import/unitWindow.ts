/** A window of one place that visits each. */
export const unitWindow = {
  ...{ kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1 },
  ...{ dilationHeight: 1, dilationWidth: 1, padTop: 0, padLeft: 0 },
} as const
