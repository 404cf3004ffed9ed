/**
 * What the index holds. Three kinds of table:
 *
 * - entities, keyed like their contract keys them, that hold the newest state;
 * - append-only records, keyed by their place in the chain (`<block>-<log index>`, which also orders them);
 * - sums (`account`, `operatorDay`, `protocolDay`), each rebuildable from the records.
 *
 * Amounts are in token units, times in Unix seconds.
 */
// biome-ignore-all lint/performance/noBarrelFile: Ponder reads the whole schema from this one file.

export {
  answerAudits,
  audit,
  auditRelations,
  auditStatus,
  jobAudits,
  operatorAudits,
} from './src/schema/audits.ts'
export {
  batchSettlement,
  batchSettlementRelations,
  batchStatus,
  collectionStatus,
  operatorBatches,
  receiptCollection,
  receiptCollectionRelations,
} from './src/schema/batches.ts'
export {
  answerDemands,
  demand,
  demandRelations,
  demandStatus,
  jobRefutation,
  refutation,
  refutationKind,
  tree,
} from './src/schema/disputes.ts'
export { governanceChange, market, parameterSet } from './src/schema/governance.ts'
export { head } from './src/schema/head.ts'
export {
  answer,
  answerRelations,
  callback,
  callbackRelations,
  challenge,
  challengeKind,
  challengeRelations,
  collection,
  commitment,
  commitmentRelations,
  commitmentStatus,
  exposure,
  job,
  jobRelations,
  jobTransition,
  jobTransitionRelations,
  operatorAnswers,
  storedStatus,
} from './src/schema/jobs.ts'
export {
  account,
  accountKind,
  accountRelations,
  book,
  jobPostings,
  posting,
  postingRelations,
} from './src/schema/ledger.ts'
export {
  method,
  methodRelations,
  model,
  modelRelations,
  modelVersion,
  modelVersionRelations,
  verifier,
  verifierStatus,
} from './src/schema/models.ts'
export { chainEvent, contract } from './src/schema/raw.ts'
export {
  operatorPenalties,
  receiptDemand,
  receiptDemandRelations,
  receiptDemandStatus,
  receiptDispute,
  receiptDisputeRelations,
  receiptRefund,
  receiptRefundRelations,
  receiptSlashing,
  receiptSlashingKind,
  receiptSlashingRelations,
  slashingRelations,
} from './src/schema/receipts.ts'
export { jobStatus, settlement } from './src/schema/settlements.ts'
export {
  ask,
  askRelations,
  modelVersionAsks,
  operator,
  operatorRelations,
  refuter,
  slashing,
  stakeMovement,
  stakeMovementKind,
  stakePosition,
  stakePositionRelations,
} from './src/schema/stake.ts'
export { operatorDay, operatorDayRelations, operatorSums, protocolDay } from './src/schema/sums.ts'
export {
  operatorReceipts,
  pledge,
  receiptLedger,
  receiptSigner,
  receiptSignerRelations,
  tab,
  tabRelations,
} from './src/schema/tabs.ts'
