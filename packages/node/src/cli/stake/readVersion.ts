import { type Hash, isHash } from 'viem'

import { ConfigError } from '../errors.ts'
import { allModels, type StakeUse } from './sourceOf.ts'

type Word = string | undefined

/** Reads which stake a command is about: that of a model version, or, for receipts, the one of all models. Throws `ConfigError`. */
export function readVersion(word: Word, use: StakeUse): Hash {
  if (use === 'receipts') {
    if (word === undefined) return allModels
    throw new ConfigError('One stake backs the receipts of all models: name no version.')
  }
  if (word !== undefined && isHash(word)) return word
  throw new ConfigError(
    word === undefined
      ? 'There is no model version: name one, or --for receipts.'
      : `"${word}" is no model version: it has to be 32 bytes in hex.`,
  )
}

/** Reads the same and an amount, which for receipts is the only word. Throws `ConfigError`. */
export function readVersionAndAmount(first: Word, second: Word, use: StakeUse) {
  const [word, amount] =
    use === 'receipts' && second === undefined ? [second, first] : [first, second]
  const version = readVersion(word, use)
  if (amount !== undefined) return { version, amount }
  throw new ConfigError('There is no amount, such as 1.50.')
}
