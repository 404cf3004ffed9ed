export { type ActivateStakeParameters, activateStake } from '../actions/activateStake.ts'
export {
  type AllocateStakeParameters,
  allocateStake,
  type StakeParameters,
} from '../actions/allocateStake.ts'
export { type AnswerJobParameters, answerJob } from '../actions/answerJob.ts'
export {
  type ClaimManyParameters,
  type ClaimManyReturnType,
  claimMany,
} from '../actions/claimMany.ts'
export { type CloseTabParameters, closeTab } from '../actions/closeTab.ts'
export { type CollectParameters, type CollectReturnType, collect } from '../actions/collect.ts'
export { type ConfirmAuditParameters, confirmAudit } from '../actions/confirmAudit.ts'
export { type DeliverParameters, type DeliverReturnType, deliver } from '../actions/deliver.ts'
export {
  type DemandNodeParameters,
  type DemandNodeReturnType,
  demandNode,
} from '../actions/demandNode.ts'
export { type DemandReceiptParameters, demandReceipt } from '../actions/demandReceipt.ts'
export { type DeployWeightsParameters, deployWeights } from '../actions/deployWeights.ts'
export { type DepositParameters, deposit } from '../actions/deposit.ts'
export { type DepositStakeParameters, depositStake } from '../actions/depositStake.ts'
export {
  type DepositWithAuthorizationParameters,
  depositWithAuthorization,
} from '../actions/depositWithAuthorization.ts'
export {
  type DepositWithPermitParameters,
  depositWithPermit,
} from '../actions/depositWithPermit.ts'
export { type EvaluateProgramParameters, evaluateProgram } from '../actions/evaluateProgram.ts'
export {
  type ExecuteProgramParameters,
  type ExecuteProgramReturnType,
  executeProgram,
} from '../actions/executeProgram.ts'
export { type ExpireParameters, expire } from '../actions/expire.ts'
export {
  type FindAuditsParameters,
  type FoundAudit,
  findAudits,
} from '../actions/findAudits.ts'
export {
  type FindBatchesParameters,
  type FoundBatch,
  findBatches,
} from '../actions/findBatches.ts'
export { type FindJobParameters, type FindJobReturnType, findJob } from '../actions/findJob.ts'
export { type FreeStakeParameters, freeStake } from '../actions/freeStake.ts'
export { type FundTabParameters, fundTab } from '../actions/fundTab.ts'
export { type GetAllocationParameters, getAllocation } from '../actions/getAllocation.ts'
export {
  type GetBatchStatusParameters,
  type GetBatchStatusReturnType,
  getBatchStatus,
} from '../actions/getBatchStatus.ts'
export {
  type GetDemandParameters,
  type GetDemandReturnType,
  getDemand,
} from '../actions/getDemand.ts'
export { type GetEscrowBalanceParameters, getEscrowBalance } from '../actions/getEscrowBalance.ts'
export { type GetJobParameters, type GetJobReturnType, getJob } from '../actions/getJob.ts'
export {
  type GetJobStatusParameters,
  type GetJobStatusReturnType,
  getJobStatus,
} from '../actions/getJobStatus.ts'
export {
  type GetLedgerTermsParameters,
  type GetLedgerTermsReturnType,
  getLedgerTerms,
} from '../actions/getLedgerTerms.ts'
export {
  type GetOperatorParameters,
  type GetOperatorReturnType,
  getOperator,
} from '../actions/getOperator.ts'
export { type GetPenaltyParameters, getPenalty } from '../actions/getPenalty.ts'
export {
  type GetPledgeParameters,
  type GetPledgeReturnType,
  getPledge,
} from '../actions/getPledge.ts'
export {
  type GetReceiptDisputeParameters,
  type GetReceiptDisputeReturnType,
  getReceiptDispute,
} from '../actions/getReceiptDispute.ts'
export {
  type GetReceiptSignerParameters,
  type GetReceiptSignerReturnType,
  getReceiptSigner,
} from '../actions/getReceiptSigner.ts'
export { type GetTabParameters, type GetTabReturnType, getTab } from '../actions/getTab.ts'
export {
  type ListedOperator,
  type ListOperatorsParameters,
  listOperators,
} from '../actions/listOperators.ts'
export { type OpenAuditParameters, openAudit } from '../actions/openAudit.ts'
export { type OpenReceiptParameters, openReceipt } from '../actions/openReceipt.ts'
export {
  type OrderAuditParameters,
  type OrderAuditReturnType,
  orderAudit,
} from '../actions/orderAudit.ts'
export { type PledgeStakeParameters, pledgeStake } from '../actions/pledgeStake.ts'
export { type PostedInput, type PostInputParameters, postInput } from '../actions/postInput.ts'
export {
  type JobTerms,
  type PrepareJobParameters,
  type PrepareJobReturnType,
  prepareJob,
} from '../actions/prepareJob.ts'
export { type ProveElementParameters, proveElement } from '../actions/proveElement.ts'
export {
  type ProveEquivocationParameters,
  proveEquivocation,
} from '../actions/proveEquivocation.ts'
export { type ProveOmissionParameters, proveOmission } from '../actions/proveOmission.ts'
export { type ProveOutputParameters, proveOutput } from '../actions/proveOutput.ts'
export {
  type OutcomeParameters,
  type ProveOverchargeParameters,
  proveOvercharge,
} from '../actions/proveOvercharge.ts'
export { type ProveRowParameters, proveRow } from '../actions/proveRow.ts'
export {
  type PublishModelParameters,
  type PublishModelReturnType,
  publishModel,
} from '../actions/publishModel.ts'
export {
  type ReadAuditParameters,
  type ReadAuditReturnType,
  readAudit,
} from '../actions/readAudit.ts'
export {
  type ReadHistoryParameters,
  type ReadHistoryReturnType,
  readHistory,
} from '../actions/readHistory.ts'
export { type ReclaimBondParameters, reclaimBond } from '../actions/reclaimBond.ts'
export { type RefundReceiptParameters, refundReceipt } from '../actions/refundReceipt.ts'
export { type RegisterOperatorParameters, registerOperator } from '../actions/registerOperator.ts'
export { type ReleaseBatchParameters, releaseBatch } from '../actions/releaseBatch.ts'
export {
  type RequestJobParameters,
  type RequestJobReturnType,
  requestJob,
} from '../actions/requestJob.ts'
export { type RequestJobForParameters, requestJobFor } from '../actions/requestJobFor.ts'
export { type SealInputParameters, sealInput } from '../actions/sealInput.ts'
export { type SetAskParameters, setAsk } from '../actions/setAsk.ts'
export { type SetReceiptSignerParameters, setReceiptSigner } from '../actions/setReceiptSigner.ts'
export {
  type SettleAuditParameters,
  type SettleAuditReturnType,
  settleAudit,
} from '../actions/settleAudit.ts'
export {
  type SettleReceiptsParameters,
  type SettleReceiptsReturnType,
  settleReceipts,
} from '../actions/settleReceipts.ts'
export {
  type DepositAuthorization,
  type SignDepositParameters,
  signDeposit,
} from '../actions/signDeposit.ts'
export { type SignJobParameters, type SignJobReturnType, signJob } from '../actions/signJob.ts'
export {
  type SignSessionKeyParameters,
  type SignSessionKeyReturnType,
  signSessionKey,
} from '../actions/signSessionKey.ts'
export {
  type SignTabOrderParameters,
  type SignTabOrderReturnType,
  signTabOrder,
} from '../actions/signTabOrder.ts'
export {
  type SignVoucherParameters,
  type SignVoucherReturnType,
  signVoucher,
} from '../actions/signVoucher.ts'
export {
  type NodeParameters,
  type SupplyNodeParameters,
  supplyNode,
} from '../actions/supplyNode.ts'
export { type ThawStakeParameters, thawStake } from '../actions/thawStake.ts'
export { type ThawTabParameters, thawTab } from '../actions/thawTab.ts'
export { type TimeoutDemandParameters, timeoutDemand } from '../actions/timeoutDemand.ts'
export {
  type WaitForAnswerParameters,
  type WaitForAnswerReturnType,
  waitForAnswer,
} from '../actions/waitForAnswer.ts'
export {
  type WaitForFinalityParameters,
  type WaitForFinalityReturnType,
  waitForFinality,
} from '../actions/waitForFinality.ts'
export {
  type WatchedTransition,
  type WatchJobsParameters,
  watchJobs,
} from '../actions/watchJobs.ts'
export { type WithdrawParameters, withdraw } from '../actions/withdraw.ts'
export { type WithdrawRewardParameters, withdrawReward } from '../actions/withdrawReward.ts'
export { type WithdrawStakeParameters, withdrawStake } from '../actions/withdrawStake.ts'
export type { AssayClient, ReadParameters, Submitted, WriteParameters } from '../client.ts'
export { type AssayActions, assayActions } from '../decorators/assayActions.ts'
export { decodeError, isRevert } from '../errors/decodeError.ts'
export {
  AccountMissingError,
  AttemptTimeoutError,
  ChainMismatchError,
  InputNotTakenError,
  JobEndedError,
  JobUnansweredError,
  JobUnknownError,
  NoRecipientError,
  SaltReusedError,
  TransactionFailedError,
  VerifierNotAcceptedError,
  WaitTimeoutError,
} from '../errors/errors.ts'
export { type RevertArgs, RevertError, type RevertName } from '../errors/RevertError.ts'
export type { HistoryEntry, HistoryFilter } from '../history/historyEntry.ts'
export { InvalidCursorError } from '../history/position.ts'
export { IndexUnavailableError } from '../history/readIndex.ts'
export type { ChallengeParameters, OfAnswer, OfReceipt } from '../internal/contextOf.ts'
export type { WaitOptions } from '../internal/poll.ts'
export { type SubmitParameters, submit } from '../internal/submit.ts'
export { tokenDomain } from '../internal/tokenDomain.ts'
export type { WaitForJobOptions } from '../internal/waitForJob.ts'
export type { AnsweredJob, JobAnswer, JobRecord } from '../job/jobRecord.ts'
export {
  type JobEventArgs,
  type JobEventName,
  type JobTransition,
  jobEventNames,
  type Place,
} from '../job/transition.ts'
export {
  type CreateVerifiedFetchParameters,
  createVerifiedFetch,
  type VerifiedAnswer,
} from '../receipts/createVerifiedFetch.ts'
export { ReceiptForeignError, ReceiptMissingError } from '../receipts/errors.ts'
