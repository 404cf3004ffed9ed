import { type Hex, parseSignature } from 'viem'

export type SignatureParts = { v: number; r: Hex; s: Hex }

/** Splits a signature into what contracts take. */
export function splitSignature(signature: Hex): SignatureParts {
  const { r, s, yParity } = parseSignature(signature)
  return { v: 27 + yParity, r, s }
}
