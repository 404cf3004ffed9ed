/** What an operation should cost at most. */
export type Goal = { operation: string; limit: number }

/** Goals by operation. A missed goal is reported; only growth against the snapshot fails a check. */
export const goals: Goal[] = [
  { operation: 'JobMarket.request', limit: 65_000 },
  { operation: 'JobMarket.commit', limit: 45_000 },
  { operation: 'JobMarket.answer', limit: 80_000 },
  { operation: 'JobMarket.claim', limit: 50_000 },
  { operation: 'JobMarket.claimFixedFee', limit: 50_000 },
  { operation: 'JobMarket.claimEachOf50', limit: 20_000 },
  { operation: 'JobMarket.life', limit: 165_000 },
  { operation: 'JobMarket.lifeFixedFee', limit: 165_000 },
  { operation: 'TensorVerifier.demand', limit: 80_000 },
  { operation: 'TensorVerifier.prove784', limit: 160_000 },
  { operation: 'TensorVerifier.prove256', limit: 100_000 },
  { operation: 'TensorVerifier.prove1024', limit: 160_000 },
  { operation: 'TensorVerifier.prove4096', limit: 410_000 },
  { operation: 'TensorVerifier.proveResnet8Conv', limit: 200_000 },
  { operation: 'TensorVerifier.proveTrees100x6', limit: 250_000 },
  { operation: 'TensorVerifier.executeDemoModel', limit: 450_000 },
  { operation: 'TensorVerifier.execute1M', limit: 2_600_000 },
  { operation: 'TensorVerifier.forcedDispute', limit: 900_000 },
  { operation: 'OperatorStaking.slash', limit: 80_000 },
  { operation: 'ReceiptLedger.settle1', limit: 50_000 },
  { operation: 'ReceiptLedger.settleEachOf50', limit: 13_000 },
  { operation: 'ReceiptLedger.per10000', limit: 5 },
]

/** Most storage slots that a batch of 10,000 receipts, settled and released, may turn from zero to something. */
export const MAX_NEW_SLOTS_PER_BATCH = 0

/** Most storage slots that one job may turn from zero to something. */
export const MAX_NEW_SLOTS_PER_JOB = 1
