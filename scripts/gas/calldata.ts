import { type Hex, hexToBytes } from 'viem'

/** Gas that every transaction pays before anything runs. */
export const TRANSACTION_GAS = 21_000

type CalldataGas = {
  /** Least that a transaction with this calldata can cost (EIP-7623). */
  floor: number
  /** Intrinsic gas: the transaction and its calldata at the standard price. */
  intrinsic: number
  /** Bytes of calldata. */
  size: number
}

/** Returns what the calldata of a transaction costs by itself. */
export function calldataGas(data: Hex): CalldataGas {
  const bytes = hexToBytes(data)
  const nonZero = bytes.reduce((count, byte) => (byte === 0 ? count : count + 1), 0)
  const zero = bytes.length - nonZero
  return {
    floor: TRANSACTION_GAS + 10 * zero + 40 * nonZero,
    intrinsic: TRANSACTION_GAS + 4 * zero + 16 * nonZero,
    size: bytes.length,
  }
}
