import type { Deployment } from '@assay/protocol'
import { activateStake } from '../actions/activateStake.ts'
import { allocateStake } from '../actions/allocateStake.ts'
import { answerJob } from '../actions/answerJob.ts'
import { claimMany } from '../actions/claimMany.ts'
import { closeTab } from '../actions/closeTab.ts'
import { collect } from '../actions/collect.ts'
import { confirmAudit } from '../actions/confirmAudit.ts'
import { deliver } from '../actions/deliver.ts'
import { demandNode } from '../actions/demandNode.ts'
import { demandReceipt } from '../actions/demandReceipt.ts'
import { deployWeights } from '../actions/deployWeights.ts'
import { deposit } from '../actions/deposit.ts'
import { depositStake } from '../actions/depositStake.ts'
import { depositWithAuthorization } from '../actions/depositWithAuthorization.ts'
import { depositWithPermit } from '../actions/depositWithPermit.ts'
import { evaluateProgram } from '../actions/evaluateProgram.ts'
import { executeProgram } from '../actions/executeProgram.ts'
import { expire } from '../actions/expire.ts'
import { findAudits } from '../actions/findAudits.ts'
import { findBatches } from '../actions/findBatches.ts'
import { findJob } from '../actions/findJob.ts'
import { freeStake } from '../actions/freeStake.ts'
import { fundTab } from '../actions/fundTab.ts'
import { getAllocation } from '../actions/getAllocation.ts'
import { getBatchStatus } from '../actions/getBatchStatus.ts'
import { getDemand } from '../actions/getDemand.ts'
import { getEscrowBalance } from '../actions/getEscrowBalance.ts'
import { getJob } from '../actions/getJob.ts'
import { getJobStatus } from '../actions/getJobStatus.ts'
import { getLedgerTerms } from '../actions/getLedgerTerms.ts'
import { getOperator } from '../actions/getOperator.ts'
import { getPenalty } from '../actions/getPenalty.ts'
import { getPledge } from '../actions/getPledge.ts'
import { getReceiptDispute } from '../actions/getReceiptDispute.ts'
import { getReceiptSigner } from '../actions/getReceiptSigner.ts'
import { getTab } from '../actions/getTab.ts'
import { listOperators } from '../actions/listOperators.ts'
import { openAudit } from '../actions/openAudit.ts'
import { openReceipt } from '../actions/openReceipt.ts'
import { orderAudit } from '../actions/orderAudit.ts'
import { pledgeStake } from '../actions/pledgeStake.ts'
import { postInput } from '../actions/postInput.ts'
import { prepareJob } from '../actions/prepareJob.ts'
import { proveElement } from '../actions/proveElement.ts'
import { proveEquivocation } from '../actions/proveEquivocation.ts'
import { proveOmission } from '../actions/proveOmission.ts'
import { proveOutput } from '../actions/proveOutput.ts'
import { proveOvercharge } from '../actions/proveOvercharge.ts'
import { proveRow } from '../actions/proveRow.ts'
import { publishModel } from '../actions/publishModel.ts'
import { readAudit } from '../actions/readAudit.ts'
import { readHistory } from '../actions/readHistory.ts'
import { reclaimBond } from '../actions/reclaimBond.ts'
import { refundReceipt } from '../actions/refundReceipt.ts'
import { registerOperator } from '../actions/registerOperator.ts'
import { releaseBatch } from '../actions/releaseBatch.ts'
import { requestJob } from '../actions/requestJob.ts'
import { requestJobFor } from '../actions/requestJobFor.ts'
import { sealInput } from '../actions/sealInput.ts'
import { setAsk } from '../actions/setAsk.ts'
import { setReceiptSigner } from '../actions/setReceiptSigner.ts'
import { settleAudit } from '../actions/settleAudit.ts'
import { settleReceipts } from '../actions/settleReceipts.ts'
import { signDeposit } from '../actions/signDeposit.ts'
import { signJob } from '../actions/signJob.ts'
import { signSessionKey } from '../actions/signSessionKey.ts'
import { signTabOrder } from '../actions/signTabOrder.ts'
import { signVoucher } from '../actions/signVoucher.ts'
import { supplyNode } from '../actions/supplyNode.ts'
import { thawStake } from '../actions/thawStake.ts'
import { thawTab } from '../actions/thawTab.ts'
import { timeoutDemand } from '../actions/timeoutDemand.ts'
import { waitForAnswer } from '../actions/waitForAnswer.ts'
import { waitForFinality } from '../actions/waitForFinality.ts'
import { watchJobs } from '../actions/watchJobs.ts'
import { withdraw } from '../actions/withdraw.ts'
import { withdrawReward } from '../actions/withdrawReward.ts'
import { withdrawStake } from '../actions/withdrawStake.ts'
import type { AssayClient } from '../client.ts'

const actions = {
  activateStake,
  allocateStake,
  answerJob,
  claimMany,
  closeTab,
  collect,
  confirmAudit,
  deliver,
  demandNode,
  demandReceipt,
  deployWeights,
  deposit,
  depositStake,
  depositWithAuthorization,
  depositWithPermit,
  evaluateProgram,
  executeProgram,
  expire,
  findAudits,
  findBatches,
  findJob,
  freeStake,
  fundTab,
  getAllocation,
  getBatchStatus,
  getDemand,
  getEscrowBalance,
  getJob,
  getJobStatus,
  getLedgerTerms,
  getOperator,
  getPenalty,
  getPledge,
  getReceiptDispute,
  getReceiptSigner,
  getTab,
  listOperators,
  openAudit,
  openReceipt,
  orderAudit,
  pledgeStake,
  postInput,
  prepareJob,
  proveElement,
  proveEquivocation,
  proveOmission,
  proveOutput,
  proveOvercharge,
  proveRow,
  publishModel,
  readAudit,
  readHistory,
  reclaimBond,
  refundReceipt,
  registerOperator,
  releaseBatch,
  requestJob,
  requestJobFor,
  sealInput,
  setAsk,
  setReceiptSigner,
  settleAudit,
  settleReceipts,
  signDeposit,
  signJob,
  signSessionKey,
  signTabOrder,
  signVoucher,
  supplyNode,
  thawStake,
  thawTab,
  timeoutDemand,
  waitForAnswer,
  waitForFinality,
  watchJobs,
  withdraw,
  withdrawReward,
  withdrawStake,
}

type Actions = typeof actions

type WithoutDeployment<parameters> = parameters extends unknown
  ? Omit<parameters, 'deployment'>
  : never

type Bound<parameters, result> =
  Record<never, never> extends WithoutDeployment<parameters>
    ? (parameters?: WithoutDeployment<parameters>) => result
    : (parameters: WithoutDeployment<parameters>) => result

/** Every action of this package, bound to a client and a deployment. */
export type AssayActions = {
  [name in keyof Actions]: Actions[name] extends (
    client: AssayClient,
    parameters: infer P,
  ) => infer R
    ? Bound<P, R>
    : never
}

/**
 * Returns a decorator that gives a viem client all actions of this package.
 *
 * @example
 * const client = createWalletClient({ account, chain, transport: http() }).extend(assayActions(deployment))
 * const { id } = await client.requestJob({ model, inputHash, input, feeMax: 2_000n })
 */
export function assayActions(deployment: Deployment) {
  return (client: AssayClient): AssayActions => {
    const bound = Object.entries(actions).map(([name, action]) => [
      name,
      // Which parameters go with which action is known to `AssayActions`, and lost in a list of all of them.
      (parameters: object = {}) =>
        (action as (client: AssayClient, parameters: object) => unknown)(client, {
          ...parameters,
          deployment,
        }),
    ])
    return Object.fromEntries(bound) as AssayActions
  }
}
