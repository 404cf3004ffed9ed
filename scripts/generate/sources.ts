/** One generated ABI. */
export type Source = {
  /** Name of the constant, without its ending `Abi`. */
  name: string
  /** Artifacts whose items it holds. */
  artifacts: string[]
  /** Artifacts of contracts that it calls: their errors bubble up through it. */
  callees: string[]
}

export const sources: Source[] = [
  { name: 'escrow', artifacts: ['IEscrow'], callees: [] },
  {
    name: 'jobMarket',
    artifacts: ['IJobMarket'],
    callees: ['IEscrow', 'IOperatorStaking', 'IModelRegistry'],
  },
  {
    name: 'modelRegistry',
    artifacts: ['IModelRegistry'],
    callees: ['ITensorVerifier'],
  },
  { name: 'operatorStaking', artifacts: ['IOperatorStaking'], callees: ['IStakeSource'] },
  {
    name: 'tensorVerifier',
    artifacts: ['ITensorVerifier'],
    callees: ['IJobMarket', 'IEscrow', 'IOperatorStaking', 'IModelRegistry'],
  },
  { name: 'claimSource', artifacts: ['IClaimSource'], callees: [] },
  { name: 'inferenceCallback', artifacts: ['IInferenceCallback'], callees: [] },
]
