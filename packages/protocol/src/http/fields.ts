import { type Address, getAddress, type Hash, type Hex, isAddress, isHash, isHex } from 'viem'
import { z } from 'zod'

/** Schemas of the values that travel in JSON. Amounts and times are decimal strings there, and `bigint` here. */

export const addressField = z
  .string()
  .refine((value) => isAddress(value, { strict: false }), 'not an address')
  .transform((value): Address => getAddress(value))

export const hashField = z
  .string()
  .refine((value) => isHash(value), 'not 32 bytes in hex')
  .transform((value) => value.toLowerCase() as Hash)

export const hexField = z
  .string()
  .refine((value) => isHex(value) && value.length % 2 === 0, 'not bytes in hex')
  .transform((value) => value.toLowerCase() as Hex)

/** An unsigned number of at most `bits`. */
export function uintField(bits: number) {
  return z
    .string()
    .regex(/^(0|[1-9][0-9]{0,77})$/, 'not a decimal number')
    .transform(BigInt)
    .refine((value) => value < 1n << BigInt(bits), `not below 2^${bits}`)
}
