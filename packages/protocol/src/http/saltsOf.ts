import { concat, type Hash, type Hex, keccak256 } from 'viem'

export type Salts = { input: Hash; output: Hash }

/**
 * Returns the salts of a claim's two commitments. Either can be shown without telling the other.
 *
 * @example
 * const { input, output } = saltsOf(secret)
 */
export function saltsOf(secret: Hex): Salts {
  return {
    input: keccak256(concat([secret, '0x00'])),
    output: keccak256(concat([secret, '0x01'])),
  }
}
