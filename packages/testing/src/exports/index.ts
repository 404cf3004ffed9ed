export { type AnswerJobParameters, answerJob } from '../answerJob.ts'
export { type ActorName, deploySuite, type Suite } from '../deploySuite.ts'
export {
  type Fault,
  type FaultyTransportParameters,
  faultyTransport,
} from '../faultyTransport.ts'
export { findPort } from '../findPort.ts'
export { createCloser } from '../gateway/createCloser.ts'
export { type SpawnGatewayParameters, spawnGateway } from '../gateway/spawnGateway.ts'
export {
  type StartedGateway,
  type StartGatewayParameters,
  startGateway,
} from '../gateway/startGateway.ts'
export { type Lie, lies } from '../operator/lie.ts'
export {
  type ServeOperatorParameters,
  serveOperator,
  type TestOperator,
} from '../operator/serveOperator.ts'
export { publishProgram } from '../publishProgram.ts'
export {
  type ProxiedCall,
  type ProxyFault,
  type ProxyRule,
  type RpcProxy,
  type StartRpcProxyParameters,
  startRpcProxy,
} from '../rpcProxy.ts'
export { serveProvider } from '../serveProvider.ts'
export { type StakeOnParameters, stakeOn } from '../stakeOn.ts'
export { defaultTerms, dollars, type Terms } from '../terms.ts'
export {
  type ServeUpstreamParameters,
  serveUpstream,
  type Upstream,
} from '../upstream/serveUpstream.ts'
export type { FaultRule, SeenRequest, UpstreamFault } from '../upstream/upstream.ts'
