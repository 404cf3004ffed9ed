import { type Address, type Hash, isAddressEqual } from 'viem'

import { calldataGas } from './calldata.ts'
import type { GasChain } from './chain.ts'
import { stepsOf } from './trace.ts'

/** Where the gas of one transaction went; the parts add up to what it was charged. */
export type Profile = {
  /** Gas by what it was spent on, largest first. */
  parts: { part: string; gas: number; count: number }[]
  /** Gas by contract whose storage was worked on, largest first. */
  contracts: { address: Address; gas: number }[]
}

/** Instructions that are shown by themselves or as a group; all others are arithmetic, stack and memory. */
const groups: [part: string, op: RegExp][] = [
  ['SSTORE', /^SSTORE$/],
  ['SLOAD', /^SLOAD$/],
  ['transient storage', /^(TLOAD|TSTORE)$/],
  ['calls', /CALL$|^CALLCODE$/],
  ['code of other accounts', /^EXTCODE|^BALANCE$/],
  ['logs', /^LOG/],
  ['keccak256', /^KECCAK256$|^SHA3$/],
  ['calldata to memory', /^CALLDATACOPY$/],
]

function partOf(op: string): string {
  return groups.find(([, pattern]) => pattern.test(op))?.[0] ?? 'computing'
}

/** Breaks a transaction down by instruction and by contract. */
export async function profileTransaction(chain: GasChain, hash: Hash): Promise<Profile> {
  const { input, to } = await chain.client.getTransaction({ hash })
  const { gasUsed } = await chain.client.getTransactionReceipt({ hash })
  if (to === null) throw new Error(`${hash} creates a contract`)
  const { floor, intrinsic } = calldataGas(input)
  const parts = new Map<string, { gas: number; count: number }>()
  const contracts: Profile['contracts'] = []
  const add = (part: string, gas: number) => {
    const before = parts.get(part) ?? { gas: 0, count: 0 }
    parts.set(part, { gas: before.gas + gas, count: before.count + 1 })
  }

  add('transaction and calldata', intrinsic)
  let spent = intrinsic
  for (const { op, gas, address } of await stepsOf(chain, hash, to)) {
    add(partOf(op), gas)
    spent += gas
    const contract = contracts.find((entry) => isAddressEqual(entry.address, address))
    if (contract === undefined) contracts.push({ address, gas })
    else contract.gas += gas
  }
  const rest = Number(gasUsed) - spent
  if (rest !== 0) add(Number(gasUsed) === floor ? 'up to the calldata floor' : 'refund', rest)
  return {
    parts: [...parts].map(([part, sum]) => ({ part, ...sum })).toSorted((a, b) => b.gas - a.gas),
    contracts: contracts.toSorted((a, b) => b.gas - a.gas),
  }
}
