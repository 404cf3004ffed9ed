export { type CreateCatalogDependencies, createCatalog } from '../catalog/createCatalog.ts'
export type { Candidate, Catalog, Offer, Upstream } from '../catalog/upstream.ts'
export {
  completeGatewayConfig,
  type LoadedGatewayConfig,
  loadGatewayConfig,
} from '../config/config.ts'
export { type GatewayConfig, gatewayConfigSchema } from '../config/gatewayConfig.ts'
export {
  ChannelError,
  ExposureError,
  GatewayConfigError,
  GatewayJournalError,
  RequestError,
} from '../errors.ts'
export type { GatewayEvent, Observe } from '../events.ts'
export { type CreateGatewayDependencies, createGateway } from '../http/createGateway.ts'
export { type Journal, type OpenJournalParameters, openJournal } from '../journal/openJournal.ts'
export { type ApiKey, createKeys, type Keys } from '../keys/createKeys.ts'
export { createGatewayMetrics, type GatewayMetrics } from '../metrics/createGatewayMetrics.ts'
export { type CreatePurseDependencies, createPurse } from '../purse/createPurse.ts'
export type { Payer, Purse, PursePolicy } from '../purse/purse.ts'
export { type CreateAskerDependencies, createAsker } from '../router/createAsker.ts'
export { type CreateRouterDependencies, createRouter, type Router } from '../router/createRouter.ts'
export { AttemptError, type FailureKind } from '../router/failure.ts'
export { type AssembleParameters, assemble } from '../run/assemble.ts'
export {
  type Cryptography,
  cryptographyOf,
  type FastCurve,
  viemCryptography,
} from '../run/createPaying.ts'
export { listen, type RunGatewayParameters, runGateway } from '../run/runGateway.ts'
export {
  type CreateSaleDependencies,
  createSale,
  type Purchase,
  type Sale,
} from '../sale/createSale.ts'
export type { Relay } from '../sealed/addRelayRoute.ts'
export { createVerifier, type Verifier } from '../upstream/createVerifier.ts'
export { createTransport, type Transport } from '../upstream/transport.ts'
