import { type Deployment, receiptLedgerAbi } from '@assay/protocol'
import {
  type Address,
  encodeFunctionData,
  type Hash,
  type Hex,
  type PublicClient,
  parseAbi,
  size,
} from 'viem'

import type { Clock } from '../support/clock.ts'
import { ChainUnknownError } from './errors.ts'

/** What backs a channel on-chain. */
export type Tab = {
  /** Sums over the channel's life, in token units: funded for certain, and spent so far. */
  funded: bigint
  spent: bigint
  /** Unix time in seconds at which it can no longer be collected; 0 if it does not thaw. */
  thawedAt: bigint
  /** How often it was closed. */
  epoch: number
}

/** Reads what backs channels, and asks contracts whether they signed. */
export type TabReader = {
  /**
   * Returns a payer's tab. What was read less than `trustMs` ago is not read again, unless it is less than `needed`. If no
   * node answers, what was read less than `staleMs` ago counts; else throws `ChainUnknownError`.
   */
  read: (payer: Address, needed: bigint) => Promise<Tab>
  /** Forgets what was read of a payer. */
  forget: (payer: Address) => void
  /** Whether a contract says that it signed `digest` (ERC-1271), within the gas that the ledger gives it. */
  isSignedByContract: (account: Address, digest: Hash, signature: Hex) => Promise<boolean>
}

export type CreateTabReaderParameters = {
  client: PublicClient
  deployment: Pick<Deployment, 'ledger'>
  operator: Address
  clock: Clock
  /** Blocks on top of and including a funding's own that make it count. */
  confirmations: number
  trustMs?: number
  /** Less than a tab thaws: so long after it was read, its money must be there and have time to be collected. */
  staleMs: number
}

/** Tabs kept in memory at most. */
const maxTabs = 10_000

export function createTabReader(parameters: CreateTabReaderParameters): TabReader {
  const { clock, trustMs = 5_000, staleMs } = parameters
  const known = new Map<Address, { tab: Tab; at: number }>()
  const underWay = new Map<Address, Promise<Tab>>()

  async function refresh(payer: Address) {
    const tab = await readTab(parameters, payer)
    if (known.size >= maxTabs) known.delete(known.keys().next().value!)
    known.delete(payer)
    known.set(payer, { tab, at: clock.elapsed() })
    return tab
  }

  /** Many requests of a payer that come together read once. */
  function refreshOnce(payer: Address) {
    const reading = underWay.get(payer) ?? refresh(payer).finally(() => void underWay.delete(payer))
    underWay.set(payer, reading)
    return reading
  }

  return {
    async read(payer, needed) {
      const last = known.get(payer)
      const age = last === undefined ? Infinity : clock.elapsed() - last.at
      const isEnough = last !== undefined && last.tab.funded >= needed && last.tab.thawedAt === 0n
      if (isEnough && age < trustMs) return last.tab
      try {
        return await refreshOnce(payer)
      } catch (error) {
        if (last !== undefined && age < staleMs) return last.tab
        throw new ChainUnknownError(`the tab of ${payer}`, error)
      }
    },
    forget: (payer) => void known.delete(payer),
    isSignedByContract: (...signed) => isSignedByContract(parameters, ...signed),
  }
}

/** A funding counts once it is deep enough, the start of a thaw at once. */
async function readTab(parameters: CreateTabReaderParameters, payer: Address): Promise<Tab> {
  const { client, deployment, operator, confirmations } = parameters
  const newest = await client.getBlockNumber({ cacheTime: 0 })
  const depth = BigInt(confirmations - 1)
  const at = (blockNumber: bigint) =>
    client.readContract({
      ...{ address: deployment.ledger, abi: receiptLedgerAbi, functionName: 'tabOf' },
      ...{ args: [payer, operator], blockNumber },
    })
  const [deep, latest] = await Promise.all([at(newest > depth ? newest - depth : 0n), at(newest)])
  const funded = deep.funded < latest.funded ? deep.funded : latest.funded
  const { spent, thawedAt, epoch } = latest
  return { funded, spent, thawedAt, epoch }
}

const erc1271Abi = parseAbi([
  'function isValidSignature(bytes32 digest, bytes signature) view returns (bytes4)',
])
const magic = '0x1626ba7e'
const contractGas = 100_000n
const callGas = 21_000n

async function isSignedByContract(
  { client }: CreateTabReaderParameters,
  account: Address,
  digest: Hash,
  signature: Hex,
): Promise<boolean> {
  const args = [digest, signature] as const
  const data = encodeFunctionData({ abi: erc1271Abi, functionName: 'isValidSignature', args })
  const code = await client.getCode({ address: account }).catch((cause) => {
    throw new ChainUnknownError(`the code of ${account}`, cause)
  })
  if (code === undefined || code === '0x') return false
  // A byte of calldata costs at least four gas, so that the contract gets no more than the ledger would give it.
  const gas = contractGas + callGas + 4n * BigInt(size(data))
  try {
    const answer = await client.call({ to: account, data, gas })
    return answer.data?.slice(0, 10) === magic
  } catch {
    return false
  }
}
