export type { Backend, Execution } from '../backend/backend.ts'
export {
  type CreateExactBackendParameters,
  createExactBackend,
} from '../backend/createExactBackend.ts'
export { type Book, type CreateBookParameters, createBook } from '../book/createBook.ts'
export type { AnswerRecord, AuditRecord, DemandRecord, JobRecord, Seat } from '../book/records.ts'
export { type CreateChainClientParameters, createChainClient } from '../chain/createChainClient.ts'
export { type CreateFailoverParameters, createFailover } from '../chain/createFailover.ts'
export { ChainReplacedError, NodesDisagreeError } from '../chain/errors.ts'
export type { Daemon } from '../daemon/createDaemon.ts'
export type { ChainPolicy, DaemonEvent, DaemonStatus } from '../daemon/daemon.ts'
export { type CreateStatusAppDependencies, createStatusApp } from '../http/createStatusApp.ts'
export { type CreateInboxParameters, createInbox, type Inbox } from '../inputs/createInbox.ts'
export {
  IntentStateError,
  JournalLockedError,
  JournalMismatchError,
  JournalTooNewError,
  SubjectTakenError,
} from '../journal/errors.ts'
export type { Intent, IntentKind, IntentState } from '../journal/intent.ts'
export { type Journal, type OpenJournalParameters, openJournal } from '../journal/openJournal.ts'
export { createMetrics, type Metrics } from '../metrics/createMetrics.ts'
export { createExactSupplier } from '../operator/createExactSupplier.ts'
export { createOperator } from '../operator/createOperator.ts'
export {
  type CreateOperatorAppDependencies,
  createOperatorApp,
} from '../operator/createOperatorApp.ts'
export {
  type CreateOperatorMetricsParameters,
  createOperatorMetrics,
  type OperatorMetrics,
} from '../operator/createOperatorMetrics.ts'
export type {
  AnswerMode,
  OperatorDependencies,
  OperatorEvent,
  OperatorPolicy,
} from '../operator/operator.ts'
export type { Supplier, SupplyParameters } from '../operator/planSupplies.ts'
export {
  type CreateIssuerParameters,
  createIssuer,
} from '../receipts/createIssuer.ts'
export { createReceiptSigner } from '../receipts/createReceiptSigner.ts'
export {
  type CreateReceiptsAppDependencies,
  createReceiptsApp,
} from '../receipts/createReceiptsApp.ts'
export type { ReceiptEvent, SignReceipt } from '../receipts/createReceiptWriter.ts'
export { type CreateTabFunderParameters, createTabFunder } from '../receipts/createTabFunder.ts'
export {
  type CreateTabReaderParameters,
  createTabReader,
  type Tab,
  type TabReader,
} from '../receipts/createTabReader.ts'
export {
  AdmissionMisusedError,
  ChainUnknownError,
  ChannelBusyError,
  type ChannelNumbers,
  RequestReusedError,
  RequestUnderWayError,
  SignerUnknownError,
  type VoucherRefusal,
  VoucherRefusedError,
} from '../receipts/errors.ts'
export type {
  Admission,
  AdmitParameters,
  Admitted,
  Answered,
  Issuer,
  Payment,
  Reply,
} from '../receipts/issuer.ts'
export {
  type CreateLimiterParameters,
  createLimiter,
  type Limiter,
} from '../serving/createLimiter.ts'
export { createServingMetrics } from '../serving/createServingMetrics.ts'
export { createUpstreamFetch, type UpstreamFetch } from '../serving/createUpstreamFetch.ts'
export type { Timeouts } from '../serving/createWatchdog.ts'
export {
  BusyError,
  PackageMissingError,
  PaymentRequiredError,
  RequestError,
  UpstreamError,
  type UpstreamFailure,
} from '../serving/errors.ts'
export {
  type CreateExactServedBackendParameters,
  createExactServedBackend,
} from '../serving/exact/createExactServedBackend.ts'
export { createServingApp } from '../serving/http/createServingApp.ts'
export type {
  ServingDependencies,
  ServingEvent,
  ServingLimits,
} from '../serving/http/serving.ts'
export {
  type CreateOpenAiBackendParameters,
  createOpenAiBackend,
} from '../serving/openai/createOpenAiBackend.ts'
export {
  type CreateProviderBackendParameters,
  createProviderBackend,
} from '../serving/provider/createProviderBackend.ts'
export { type LoadProviderParameters, loadProvider } from '../serving/provider/loadProvider.ts'
export type {
  Counted,
  ServedAnswer,
  ServedBackend,
  ServedRequest,
} from '../serving/servedBackend.ts'
export type { ServedModel } from '../serving/servedModel.ts'
export type { BatchEvent, BatchPolicy } from '../settling/settling.ts'
export { type Clock, systemClock } from '../support/clock.ts'
export type { AuditingEvent, AuditingPolicy } from '../watcher/auditing.ts'
export {
  type CreateOperatorClientParameters,
  createOperatorClient,
  type Fetched,
  type FetchInputParameters,
  type FetchTraceParameters,
  type OperatorClient,
} from '../watcher/createOperatorClient.ts'
export { createWatcher } from '../watcher/createWatcher.ts'
export { createWatcherMetrics } from '../watcher/createWatcherMetrics.ts'
export type {
  WatchedModel,
  WatcherDependencies,
  WatcherEvent,
  WatcherPolicy,
} from '../watcher/watcher.ts'
