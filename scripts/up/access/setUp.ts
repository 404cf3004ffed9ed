import type { Deployment } from '@assay/protocol'
import { deriveEncryptionKeys, encryptionKeyOf } from '@assay/protocol/envelope'
import {
  activateStake,
  allocateStake,
  deposit,
  depositStake,
  fundTab,
  pledgeStake,
  publishModel,
  registerOperator,
  setAsk,
  signTabOrder,
} from '@assay/sdk'
import { serveUpstream, type Upstream } from '@assay/testing'
import { type Hash, keccak256, stringToBytes, zeroHash } from 'viem'

import { type Cast, mint, type Player } from '../cast.ts'

/** Who answers over HTTP. */
export const servers = ['ada', 'bert', 'cleo'] as const

export type Server = (typeof servers)[number]

/** Name by which the dApp asks, and of the model at the upstreams. */
export const modelName = 'echo'

export type Access = {
  /** Version under which the model is registered. */
  version: Hash
  /** What each operator asks in turn: a stand-in for a provider, which fails when the story wants it to. */
  upstreams: Record<Server, Upstream>
}

const dollar = 1_000_000n
const pledge = 20n * dollar
const tab = 10n * dollar
/** Token units per million tokens. */
const price = { perRequest: '10000', perMillionIn: '500000', perMillionOut: '1500000' }

/** Seconds that receipts wait to be settled together: as long as questions are asked. */
const batchSeconds = 28

export type AccessParameters = { cast: Cast; deployment: Deployment }

/** Publishes a model that nobody could re-execute, and puts three stand-ins for a provider behind it. */
export async function createAccess({ cast, deployment }: AccessParameters): Promise<Access> {
  const { version } = await publishModel(cast.publisher.client, {
    ...{ deployment, name: modelName, methods: [] },
    manifestHash: keccak256(stringToBytes('a model that says what it is told')),
  })
  const entries = await Promise.all(
    servers.map(async (name) => [name, await serveUpstream({ models: ['echo-1'] })] as const),
  )
  const upstreams = Object.fromEntries(entries) as Record<Server, Upstream>
  return { version, upstreams }
}

/**
 * What an operator's configuration says about answering over HTTP. Receipts are dated by its clock and grow old by the chain's, which is
 * `aheadSeconds` ahead.
 */
export function serveSettings(
  { version, upstreams }: Access,
  { name, aheadSeconds }: { name: Server; aheadSeconds: number },
) {
  const backend = { kind: 'openai', baseUrl: upstreams[name].baseUrl, model: 'echo-1' }
  return {
    serve: { models: [{ name: modelName, version, backend, price, maxUnitsOut: 200 }] },
    receipts: { batch: { ageSeconds: aheadSeconds + batchSeconds } },
  }
}

/** Puts an operator's stake behind its receipts; it counts after the activation delay. */
export async function stakeReceipts(
  player: Player,
  { deployment, version, endpoint }: { deployment: Deployment; version: Hash; endpoint: string },
): Promise<void> {
  const { client, key } = player
  await mint(player, deployment, pledge)
  const encryptionKey = await encryptionKeyOf(await deriveEncryptionKeys(key))
  await registerOperator(client, { deployment, endpoint, encryptionKey })
  await setAsk(client, { deployment, model: version, price: 100n, serving: true })
  await depositStake(client, { deployment, amount: pledge })
  await allocateStake(client, { ...sourceOf(deployment), amount: pledge })
}

/** Pledges what became active. */
export async function pledgeReceipts({ client }: Player, deployment: Deployment): Promise<void> {
  await activateStake(client, sourceOf(deployment))
  await pledgeStake(client, { deployment, total: pledge })
}

const sourceOf = (deployment: Deployment) => ({
  ...{ deployment, source: deployment.ledger, model: zeroHash },
})

/** Deposits for the dApp's gateway, which from then on only signs: others carry its orders out. */
export async function fundGateway({ cast, deployment }: AccessParameters): Promise<void> {
  const { gwen, dapp } = cast
  const amount = tab * BigInt(servers.length)
  await mint(gwen, deployment, amount)
  await deposit(gwen.client, { deployment, amount, spender: deployment.ledger })
  for (const name of servers) {
    const operator = cast[name].address
    const order = await signTabOrder(gwen.client, { deployment, operator, total: tab })
    await fundTab(dapp.client, { deployment, order })
  }
}

/** What the gateway's configuration says. */
export function gatewaySettings(
  { version }: Access,
  { port, indexerUrl }: { port: number; indexerUrl: string },
) {
  return {
    http: { port },
    indexerUrl,
    payer: { exposure: String(dollar) },
    models: [{ name: modelName, versions: [version] }],
    refreshMs: 2_000,
    timeouts: { connectMs: 500, firstTokenMs: 1_500 },
    breaker: { halfOpenAfterMs: 2_000, coolDownMs: 1_000 },
  }
}
