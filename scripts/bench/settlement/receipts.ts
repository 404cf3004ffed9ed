import { randomBytes } from 'node:crypto'
import type { Receipt } from '@assay/protocol/receipt'
import type { Hex } from 'viem'

/** Whose ids and signatures these are; no chain is asked. */
export const domain = {
  chainId: 31337,
  ledger: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
} as const

const payers = 50

const hex = (bytes: number): Hex => `0x${randomBytes(bytes).toString('hex')}`

/** Returns what makes receipts of one operator with fifty payers and two models, each with a claim of its own. */
export function createReceipts() {
  const operator = hex(20)
  const models = [hex(32), hex(32)]
  const accounts = Array.from({ length: payers }, () => hex(20))
  return (first: number, count: number): Receipt[] =>
    Array.from({ length: count }, (_, i) => {
      const ordinal = first + i
      const sequence = BigInt(1 + Math.floor(ordinal / payers))
      return {
        ...{ claimHash: hex(32), payer: accounts[ordinal % payers]!, operator, sequence },
        ...{ fee: 1_250n, cumulativeFee: 1_250n * sequence, servedModel: models[ordinal % 2]! },
        ...{ unitsIn: 420n, unitsOut: 180n, issuedAt: 1_700_000_000n + BigInt(ordinal) },
      }
    })
}
