import type { Deployment } from '@assay/protocol'
import {
  activateStake,
  allocateStake,
  deposit,
  depositStake,
  orderAudit,
  publishModel,
  registerOperator,
  requestJob,
} from '@assay/sdk'
import { hashInput, methodOf, type Program } from '@assay/tensor'
import { createRandom, randomProgram } from '@assay/tensor/examples'
import hre from 'hardhat'
import {
  type Address,
  bytesToHex,
  createTestClient,
  createWalletClient,
  custom,
  type EIP1193Provider,
  getContractAddress,
  type Hash,
  type Hex,
  keccak256,
  type LocalAccount,
  parseUnits,
  publicActions,
  type Transport,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'

/** Amount of the test token, which has 6 decimals. */
export function dollars(amount: number) {
  return parseUnits(String(amount), 6)
}

export function accountAt(addressIndex: number): LocalAccount {
  const mnemonic = 'test test test test test test test test test test test junk'
  return mnemonicToAccount(mnemonic, { addressIndex })
}

export const challengeWindow = 20
export const activationDelay = 60
export const supplyWindow = 15
export const demandBond = dollars(2)
/** An auditor answers for ten times its reward. */
export const auditReward = dollars(1)
const liabilityRatioPpm = 10_000_000

/** Seconds of the contracts are few, so that whole stories fit into a test. */
const marketParameters = {
  protocolFeePpm: 20_000,
  stakeRatioPpm: 2_000_000,
  commitBondPpm: 100_000,
  seatSeconds: 6,
  stakeFloor: dollars(1),
}

/** Horizon, demand and response fit into the time for which stake thaws. */
const ledgerTerms = {
  ...{ stakeRatioPpm: 2_000_000, stakeFloor: dollars(1), demandBond: dollars(1) },
  ...{ releaseWindow: 20, horizon: 60, demandWindow: 60, responseWindow: 20 },
  ...{ challengeWindow: 60, tabThaw: 20, signerDelay: 10 },
}

export type Suite = Awaited<ReturnType<typeof deploySuite>>

/** A transport to a chain in this process. */
export function transportOf(provider: unknown): Transport {
  // Hardhat's provider has the same `request`, typed on its own.
  return custom(provider as EIP1193Provider, { retryCount: 0 })
}

/** Seconds to challenge an answer in at least, and to confirm it in once its audit is opened. */
export type Windows = { challenge: number; confirm: number }

const shortWindows: Windows = { challenge: challengeWindow, confirm: 8 }

export type DeploySuiteParameters = {
  transport: Transport
  /** Exact model to publish; by default a small one. */
  program?: Program
  windows?: Windows
}

/** Deploys the suite and an exact model, and gives a payer an escrow balance. */
export async function deploySuite(parameters: DeploySuiteParameters) {
  const { transport, program = smallProgram(), windows = shortWindows } = parameters
  const admin = accountAt(0)
  const payer = accountAt(1)
  const chain = createTestClient({ mode: 'hardhat', transport }).extend(publicActions)
  const clientOf = (account: LocalAccount) => createActor(transport, account)
  const adminClient = clientOf(admin)
  const payerClient = clientOf(payer)

  const deploy = createDeployer(adminClient)
  const token = await deploy('TestToken')
  const manager = await deploy('AccessManager', [admin.address])
  const registry = await deploy('ModelRegistry', [manager])
  const escrow = await deploy('Escrow', [token])
  const staking = await deploy('OperatorStaking', [token, activationDelay, 600, 300_000])
  const market = await deploy('JobMarket', [
    ...[escrow, staking, registry, manager],
    ...[60, windows.challenge, 600, marketParameters],
  ])
  const tensorVerifier = await deploy('TensorVerifier', [
    ...[escrow, registry, await deploy('TensorChecker'), await deploy('TensorInterpreter')],
    ...[await deploy('TensorRunner'), demandBond, supplyWindow, 30],
  ])
  const audits = await deploy('Audits', [market, 1, windows.confirm, liabilityRatioPpm, 0])
  const ledger = await deploy('ReceiptLedger', [escrow, staking, registry, ledgerTerms])
  const chainId = await chain.getChainId()
  const deployment: Deployment = {
    ...{ chainId, startBlock: 0, token, manager, registry, escrow, staking, market },
    ...{ tensorVerifier, audits, ledger },
  }

  await send(adminClient, 'ModelRegistry', registry, 'approveVerifier', [tensorVerifier])
  const { version: model } = await publishModel(adminClient, {
    deployment,
    name: 'small',
    manifestHash: keccak256('0x01'),
    methods: [methodOf(program, tensorVerifier)],
  })
  await mint(payer.address, 10_000)
  await deposit(payerClient, { deployment, spender: market, amount: dollars(5_000) })
  await deposit(payerClient, { deployment, spender: audits, amount: dollars(100) })

  async function mint(to: Address, amount: number) {
    await send(adminClient, 'TestToken', token, 'mint', [to, dollars(amount)])
  }

  /** Registers an operator, or an auditor, with active stake; without `activate` its stake waits to be activated. */
  async function enlist(
    account: LocalAccount,
    { stake = 1_000, endpoint = operatorUrl, activate = true, ...rest }: EnlistOptions = {},
  ) {
    const { encryptionKey, source = market } = rest
    const client = clientOf(account)
    const amount = dollars(stake)
    await mint(account.address, stake)
    await registerOperator(client, { deployment, endpoint, encryptionKey })
    await depositStake(client, { deployment, amount })
    await allocateStake(client, { deployment, model, source, amount })
    await chain.increaseTime({ seconds: activationDelay })
    await chain.mine({ blocks: 1 })
    const operator = account.address
    if (activate) await activateStake(client, { deployment, model, source, operator })
  }

  /** Gives a watcher what it needs to demand. */
  async function fundWatcher(account: LocalAccount, amount = 100) {
    await mint(account.address, amount)
    const bond = { deployment, spender: tensorVerifier, amount: dollars(amount) }
    await deposit(clientOf(account), bond)
  }

  const random = createRandom(1)
  /** An input of the model, and what a job commits to it by. */
  function draft() {
    const input = random.bytes(inputLength(program))
    return { input, inputHash: hashInput(program, input) }
  }

  async function request(overrides: Partial<Parameters<typeof requestJob>[1]> = {}) {
    const { input, inputHash } = draft()
    const { id, job } = await requestJob(payerClient, {
      deployment,
      model,
      inputHash,
      input: bytesToHex(input),
      feeMax: dollars(4),
      tau: 1,
      answerWindow: 50,
      challengeWindow,
      ...overrides,
    })
    return { id, job, input }
  }

  /** Requests a job and orders an audit of it. */
  async function requestAudited({
    ratePpm = 1_000_000,
    ...overrides
  }: Parameters<typeof request>[0] & { ratePpm?: number } = {}) {
    const requested = await request(overrides)
    const terms = { jobId: requested.id, model, ratePpm, reward: auditReward }
    const { order, auditId } = await orderAudit(payerClient, { deployment, ...terms })
    return { ...requested, order, auditId }
  }

  return {
    ...{ chain, clientOf, deploy, deployment, enlist, fundWatcher, mint, model, payer, program },
    draft,
    request,
    requestAudited,
  }
}

type EnlistOptions = {
  stake?: number
  endpoint?: string
  encryptionKey?: Hex
  activate?: boolean
  /** What the stake backs: the market, or the audits. */
  source?: Address
}

/** Where operators say they are; nobody listens there. */
const operatorUrl = 'http://operator.invalid'

/** A client that reads and sends for one account. */
function createActor(transport: Transport, account: LocalAccount) {
  return createWalletClient({ account, transport, pollingInterval: 20 }).extend(publicActions)
}

type Actor = ReturnType<typeof createActor>

function createDeployer(client: Actor) {
  return async (name: string, args: readonly unknown[] = []): Promise<Address> => {
    const { abi, bytecode } = await hre.artifacts.readArtifact(name)
    const nonce = await client.getTransactionCount({ address: client.account.address })
    const hash = await client.deployContract({
      ...{ abi, bytecode: bytecode as Hash, args, chain: null },
    })
    await client.waitForTransactionReceipt({ hash })
    return getContractAddress({ from: client.account.address, nonce: BigInt(nonce) })
  }
}

async function send(
  client: Actor,
  contract: string,
  address: Address,
  functionName: string,
  args: readonly unknown[],
) {
  const { abi } = await hre.artifacts.readArtifact(contract)
  const hash = await client.writeContract({
    ...{ abi, address, functionName, args, chain: null, account: client.account },
  })
  await client.waitForTransactionReceipt({ hash })
}

/** A program of several layers, dense ones among them, that fits whole into one call. */
export function smallProgram(): Program {
  for (let seed = 1; ; seed++) {
    const program = randomProgram(createRandom(seed), { operators: 5, rows: 3, bytes: 24 })
    const dense = program.operators.filter(({ kind }) => kind === 'dense')
    if (dense.length >= 2 && program.operators.length >= 4) return program
  }
}

export function inputLength({ operators }: Program) {
  return operators[0]!.rows * operators[0]!.rowBytes
}
