/** One generated ABI. */
export type Source = {
  /** Name of the constant, without its ending `Abi`. */
  name: string
  /** Artifacts whose items it holds. */
  artifacts: string[]
  /** Artifacts of contracts that it calls: their errors bubble up through it. */
  callees: string[]
}

const suite = [
  'Audits',
  'JobMarket',
  'Escrow',
  'OperatorStaking',
  'ModelRegistry',
  'ReceiptLedger',
  'TensorVerifier',
  'TensorChecker',
  'TensorInterpreter',
  'TensorRunner',
]

export const sources: Source[] = [
  {
    name: 'audits',
    artifacts: ['Audits'],
    callees: ['JobMarket', 'Escrow', 'OperatorStaking'],
  },
  { name: 'escrow', artifacts: ['Escrow'], callees: ['TestToken'] },
  {
    name: 'jobMarket',
    artifacts: ['JobMarket'],
    callees: ['Escrow', 'OperatorStaking', 'ModelRegistry', 'TestToken'],
  },
  { name: 'modelRegistry', artifacts: ['ModelRegistry'], callees: ['TensorVerifier'] },
  {
    name: 'receiptLedger',
    artifacts: ['ReceiptLedger'],
    callees: ['Escrow', 'OperatorStaking', 'ModelRegistry', 'TestToken'],
  },
  { name: 'operatorStaking', artifacts: ['OperatorStaking'], callees: ['TestToken'] },
  {
    name: 'tensorVerifier',
    artifacts: ['TensorVerifier'],
    callees: [
      'TensorChecker',
      'TensorInterpreter',
      'TensorRunner',
      'JobMarket',
      'Escrow',
      'OperatorStaking',
      'ModelRegistry',
      'TestToken',
    ],
  },
  { name: 'token', artifacts: ['TestToken'], callees: [] },
  { name: 'suiteErrors', artifacts: [], callees: [...suite, 'TestToken'] },
  { name: 'claimSource', artifacts: ['IClaimSource'], callees: [] },
  { name: 'inferenceCallback', artifacts: ['IInferenceCallback'], callees: [] },
]
