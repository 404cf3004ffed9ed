import { type Deployment, tokenAbi } from '@assay/protocol'
import { deriveEncryptionKeys, encryptionKeyOf } from '@assay/protocol/envelope'
import {
  type AssayClient,
  activateStake,
  allocateStake,
  depositStake,
  registerOperator,
  setAsk,
} from '@assay/sdk'
import {
  type Account,
  type Address,
  type Chain,
  type Client,
  createClient,
  defineChain,
  type Hash,
  http,
  numberToHex,
  type Transport,
} from 'viem'
import { type HDAccount, mnemonicToAccount } from 'viem/accounts'
import { waitForTransactionReceipt, writeContract } from 'viem/actions'

/** The public mnemonic of development chains: its accounts hold nothing anywhere else. */
const mnemonic = 'test test test test test test test test test test test junk'

/** Who plays, in the order of their accounts. Account 0 deploys and governs. */
const names = [
  ...(['governor', 'publisher', 'dapp', 'ada', 'bert', 'mallory', 'mort', 'wanda'] as const),
  ...(['cleo', 'gwen'] as const),
] as const

export type Name = (typeof names)[number]

/** Whom the story leaves alone, for people to act as; their accounts come after those of the story. */
export const roles = ['publisher', 'payer', 'operator', 'watcher'] as const

export type Role = (typeof roles)[number]

export type Player = {
  name: Name | Role
  account: HDAccount
  address: Address
  /** Private key, for the player's own process. */
  key: Hash
  client: AssayClient & Client<Transport, Chain, Account>
}

export type Cast = Record<Name, Player>

/** Returns the players, each with a client of its own. */
export function createCast(rpcUrl: string, chainId: number): Cast {
  return createPlayers(rpcUrl, chainId, names, 0)
}

/** Returns those whom people act as. */
export function createRoles(rpcUrl: string, chainId: number): Record<Role, Player> {
  return createPlayers(rpcUrl, chainId, roles, names.length)
}

function createPlayers<name extends Player['name']>(
  rpcUrl: string,
  chainId: number,
  players: readonly name[],
  firstIndex: number,
): Record<name, Player> {
  const chain = defineChain({
    id: chainId,
    name: 'Assay local',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  const entries = players.map((name, i): [name, Player] => {
    const account = mnemonicToAccount(mnemonic, { addressIndex: firstIndex + i })
    const client = createClient({ account, chain, transport: http(rpcUrl), pollingInterval: 100 })
    const key = numberToHex(BigInt(toHexString(account.getHdKey().privateKey!)), { size: 32 })
    return [name, { name, account, address: account.address, key, client }]
  })
  return Object.fromEntries(entries) as Record<name, Player>
}

function toHexString(bytes: Uint8Array) {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

/** Mints test dollars to a player. */
export async function mint(player: Player, deployment: Deployment, amount: bigint): Promise<void> {
  const hash = await writeContract(player.client, {
    abi: tokenAbi,
    address: deployment.token,
    functionName: 'mint',
    args: [player.address, amount],
  })
  await waitForTransactionReceipt(player.client, { hash })
}

export type EnrolParameters = {
  deployment: Deployment
  model: Hash
  stake: bigint
  ask: bigint
  /** Base URL of the operator's HTTP interface. */
  endpoint: string
}

/** Registers an operator, names its price, and puts its stake behind the model; it counts after the activation delay. */
export async function enrol(player: Player, parameters: EnrolParameters): Promise<void> {
  const { deployment, model, stake, ask, endpoint } = parameters
  const { client, key } = player
  const encryptionKey = await encryptionKeyOf(await deriveEncryptionKeys(key))
  await registerOperator(client, { deployment, endpoint, encryptionKey })
  await setAsk(client, { deployment, model, price: ask, serving: true })
  await depositStake(client, { deployment, amount: stake })
  await allocateStake(client, { deployment, model, amount: stake })
}

/** Activates an operator's stake once its delay is over. */
export async function activate(player: Player, deployment: Deployment, model: Hash): Promise<void> {
  await activateStake(player.client, { deployment, model })
}
