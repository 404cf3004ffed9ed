import { formatUnits, parseUnits } from 'viem'

import { ConfigError } from '../errors.ts'

/** How amounts of a token are written. */
export type Token = {
  symbol: string
  /** Digits after the point. */
  decimals: number
}

/** Reads an amount as people write it, exactly: what is finer than the token is refused, not rounded. */
export function parseAmount(text: string, { symbol, decimals }: Token): bigint {
  const match = /^\d+(?:\.(\d+))?$/.exec(text)
  if (match === null) throw new ConfigError(`"${text}" is not an amount, such as 1.50.`)
  const digits = match[1]?.length ?? 0
  if (digits > decimals) {
    throw new ConfigError(`"${text}" has ${digits} decimals, ${symbol} has ${decimals}.`)
  }
  const amount = parseUnits(text, decimals)
  if (amount < 2n ** 128n) return amount
  throw new ConfigError(`"${text}" is more than any amount can be.`)
}

/** Writes an amount for people. */
export function formatAmount(amount: bigint, { symbol, decimals }: Token): string {
  const [whole, fraction = ''] = formatUnits(amount, decimals).split('.')
  const cents = fraction.padEnd(Math.min(2, decimals), '0')
  return `${whole}${cents === '' ? '' : `.${cents}`} ${symbol}`
}
