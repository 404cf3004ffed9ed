import { type Address, encodePacked, getAddress, type Hash, keccak256, toHex } from 'viem'

import { OutcomesMalformedError } from './errors.ts'

/** `CollectionStatus` of the ledger, in its order. */
export const collectionStatuses = [
  'Collected',
  'NotSigned',
  'SessionRefused',
  'CapExceeded',
  'NothingDue',
  'TabShort',
  'TabEnded',
] as const

export type CollectionStatus = (typeof collectionStatuses)[number]

/** What became of one collection of a batch. */
export type Outcome = {
  payer: Address
  status: CollectionStatus
  sequence: bigint
  /** Tokens taken from the tab for this batch, less what was refunded. */
  amount: bigint
  cumulativeFee: bigint
}

const low = (bits: number, word: bigint) => BigInt.asUintN(bits, word)

/** Reads the words of `BatchSettled.outcomes`; throws `OutcomesMalformedError`. */
export function decodeOutcomes(words: readonly bigint[]): Outcome[] {
  if (words.length % 2 !== 0) throw new OutcomesMalformedError('Outcomes are two words each.')
  return Array.from({ length: words.length / 2 }, (_, i) => {
    const [head, amounts] = [words[2 * i]!, words[2 * i + 1]!]
    const code = Number(low(32, head >> 64n))
    const status = collectionStatuses[code]
    if (status === undefined) throw new OutcomesMalformedError(`No status has the code ${code}.`)
    return {
      payer: getAddress(toHex(head >> 96n, { size: 20 })),
      status,
      sequence: low(64, head),
      amount: amounts >> 128n,
      cumulativeFee: low(128, amounts),
    }
  })
}

/** Returns the words that `decodeOutcomes` reads. */
export function encodeOutcomes(outcomes: readonly Outcome[]): bigint[] {
  return outcomes.flatMap(({ payer, status, sequence, amount, cumulativeFee }) => {
    const code = BigInt(collectionStatuses.indexOf(status))
    return [(BigInt(payer) << 96n) | (code << 64n) | sequence, (amount << 128n) | cumulativeFee]
  })
}

/** Returns the `outcomesHash` of a batch. */
export function hashOutcomes(words: readonly bigint[]): Hash {
  return keccak256(encodePacked(['uint256[]'], [words]))
}
