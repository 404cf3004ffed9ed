export { auditsAbi } from '../abi/auditsAbi.ts'
export { claimSourceAbi } from '../abi/claimSourceAbi.ts'
export { escrowAbi } from '../abi/escrowAbi.ts'
export { inferenceCallbackAbi } from '../abi/inferenceCallbackAbi.ts'
export { jobMarketAbi } from '../abi/jobMarketAbi.ts'
export { modelRegistryAbi } from '../abi/modelRegistryAbi.ts'
export { operatorStakingAbi } from '../abi/operatorStakingAbi.ts'
export { receiptLedgerAbi } from '../abi/receiptLedgerAbi.ts'
export { suiteErrorsAbi } from '../abi/suiteErrorsAbi.ts'
export { tensorVerifierAbi } from '../abi/tensorVerifierAbi.ts'
export { tokenAbi } from '../abi/tokenAbi.ts'

export { type AuditOrder, type AuditStatus, auditStatuses } from '../audit/audit.ts'
export { type AuditIdOfParameters, auditIdOf } from '../audit/auditIdOf.ts'

export { type Claim, claimTypes } from '../claim/claim.ts'
export { type ClaimIdOfParameters, claimIdOf } from '../claim/claimIdOf.ts'
export { hashClaim } from '../claim/hashClaim.ts'

export { type Deployment, deploymentSchema } from '../deployment/deployment.ts'
export {
  type DeploymentOfIgnitionParameters,
  deploymentOfIgnition,
} from '../deployment/deploymentOfIgnition.ts'
export { InvalidDeploymentError, parseDeployment } from '../deployment/parseDeployment.ts'

export { BaseError, type BaseErrorOptions, walkCauses } from '../errors/BaseError.ts'

export { type CommitmentOfParameters, commitmentOf } from '../job/commitmentOf.ts'
export { type FeeAtParameters, feeAt } from '../job/feeAt.ts'
export { hashJob } from '../job/hashJob.ts'
export { type Job, jobTypes } from '../job/job.ts'
export { type JobIdOfParameters, jobIdOf } from '../job/jobIdOf.ts'
export { type JobStatus, jobStatuses } from '../job/jobStatus.ts'
export { jobStatusOf, UnknownJobStatusError } from '../job/jobStatusOf.ts'
export { jobTypedData } from '../job/jobTypedData.ts'

export { type ClaimOfParameters, claimOf } from '../market/claimOf.ts'
export { type EncodeContextParameters, encodeContext } from '../market/encodeContext.ts'
export { type HashSettlementParameters, hashSettlement } from '../market/hashSettlement.ts'
export type { JobAnswered } from '../market/jobAnswered.ts'
export { type MarketDomainParameters, marketDomain } from '../market/marketDomain.ts'
export type { Parameters, Settlement } from '../market/settlement.ts'
export { type SettlementOfParameters, settlementOf } from '../market/settlementOf.ts'

export { type ExactMethodOfParameters, exactMethodOf } from '../model/exactMethodOf.ts'
export type { Method } from '../model/method.ts'
export { type ModelIdOfParameters, modelIdOf } from '../model/modelIdOf.ts'
export { type VersionIdOfParameters, versionIdOf } from '../model/versionIdOf.ts'
export { weightChunks, weightInitCode } from '../model/weightCode.ts'

export { type DrawOfParameters, drawOf } from '../sortition/drawOf.ts'
export { negLog2 } from '../sortition/negLog2.ts'
export { type SlotOfParameters, slotNever, slotOf } from '../sortition/slotOf.ts'
export { type WaitOfParameters, waitOf } from '../sortition/waitOf.ts'

export { type DemandIdOfParameters, demandIdOf } from '../verifier/demandIdOf.ts'
export {
  allLeaves,
  type DemandProof,
  demandStatuses,
  type ElementProof,
  type Node,
  type OperatorOpening,
  type RowOpening,
  type SourceOpening,
  type TensorOpening,
  trees,
} from '../verifier/proof.ts'
