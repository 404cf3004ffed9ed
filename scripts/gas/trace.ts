import { type Address, type Hash, type Hex, isAddressEqual, numberToHex, pad } from 'viem'

import type { GasChain } from './chain.ts'

/** One call of a transaction; `gasUsed` holds its inner calls, and no refund. */
export type Call = {
  type: string
  from: Address
  to: Address
  input: Hex
  gasUsed: number
  calls: Call[]
}

type RawCall = Omit<Call, 'gasUsed' | 'calls'> & { gasUsed: Hex; calls?: RawCall[] }

function parseCall(raw: RawCall): Call {
  const { calls = [], gasUsed, ...rest } = raw
  return { ...rest, gasUsed: Number(gasUsed), calls: calls.map(parseCall) }
}

/** Returns the transaction's call and, in order, every call made inside it. */
export async function callsOf(chain: GasChain, hash: Hash): Promise<Call[]> {
  const flatten = (call: Call): Call[] => [call, ...call.calls.flatMap(flatten)]
  return flatten(parseCall((await chain.trace(hash, { tracer: 'callTracer' })) as RawCall))
}

/** Returns the gas of the one call to `to` that starts with `selector`. */
export async function gasOfCall(
  chain: GasChain,
  hash: Hash,
  { to, selector }: { to: Address; selector: Hex },
): Promise<number> {
  const [first, second] = (await callsOf(chain, hash)).filter(
    (call) => isAddressEqual(call.to, to) && call.input.startsWith(selector),
  )
  if (first === undefined || second !== undefined) {
    throw new Error(`${hash} calls ${to} with ${selector} never or more than once`)
  }
  return first.gasUsed
}

/** One executed instruction. */
export type Step = {
  op: string
  /** Gas it used itself, without what ran inside a call. */
  gas: number
  /** Contract whose storage it works on. */
  address: Address
  /** Stack before it ran, top first. */
  stack: bigint[]
}

type RawStep = { op: string; gas: number; gasCost: number; depth: number; stack: Hex[] }

const CALLS = new Set(['CALL', 'CALLCODE', 'DELEGATECALL', 'STATICCALL'])
const KEEPS_STORAGE = new Set(['CALLCODE', 'DELEGATECALL'])

/** Returns every instruction of a transaction to `to` with the gas it used itself. */
export async function stepsOf(chain: GasChain, hash: Hash, to: Address): Promise<Step[]> {
  const { structLogs } = (await chain.trace(hash, {
    disableMemory: true,
    disableStorage: true,
  })) as { structLogs: RawStep[] }
  const steps: Step[] = []

  /** Adds the frame that starts at `start`; returns the position after it and the gas it used. */
  function addFrame(start: number, address: Address): { end: number; used: number } {
    const { depth, gas: available } = structLogs[start]!
    let index = start
    let left = available
    while (index < structLogs.length && structLogs[index]!.depth === depth) {
      const raw = structLogs[index]!
      const stack = raw.stack.map(BigInt).toReversed()
      const step = { op: raw.op, gas: raw.gasCost, address, stack }
      steps.push(step)
      index += 1
      if (CALLS.has(raw.op)) {
        let inner = 0
        if (structLogs[index] !== undefined && structLogs[index]!.depth > depth) {
          const target = KEEPS_STORAGE.has(raw.op) ? address : addressOf(stack[1]!)
          const frame = addFrame(index, target)
          index = frame.end
          inner = frame.used
        }
        const after = structLogs[index]
        step.gas = raw.gas - (after?.depth === depth ? after.gas : raw.gas) - inner
      }
      left = raw.gas - step.gas
    }
    return { end: index, used: available - left }
  }

  if (structLogs.length > 0) addFrame(0, to)
  return steps
}

function addressOf(word: bigint): Address {
  return pad(numberToHex(word & ((1n << 160n) - 1n)), { size: 20 })
}

/** A write to storage: what the slot held before the write and after it. */
export type Write = { address: Address; slot: Hex; before: bigint; after: bigint }

/** Returns every write to storage of a transaction, in order. */
export async function writesOf(chain: GasChain, hash: Hash, to: Address): Promise<Write[]> {
  const { blockNumber } = await chain.client.getTransactionReceipt({ hash })
  const current = new Map<string, bigint>()
  const writes: Write[] = []
  for (const { op, address, stack } of await stepsOf(chain, hash, to)) {
    if (op !== 'SSTORE') continue
    const slot = numberToHex(stack[0]!, { size: 32 })
    const key = `${address}${slot}`
    const before =
      current.get(key) ??
      BigInt(
        (await chain.client.getStorageAt({ address, slot, blockNumber: blockNumber - 1n })) ?? 0,
      )
    const after = stack[1]!
    current.set(key, after)
    writes.push({ address, slot, before, after })
  }
  return writes
}
