import { bytesToHex, concatHex, type Hex, numberToHex } from 'viem'

/** EIP-170's limit, less the STOP that keeps weights from being run. */
const chunkLength = 24_575

/** Splits weights into chunks, each small enough to be one contract's code. */
export function weightChunks(weights: Uint8Array): Uint8Array[] {
  const count = Math.ceil(weights.length / chunkLength)
  return Array.from({ length: count }, (_, i) =>
    weights.subarray(i * chunkLength, (i + 1) * chunkLength),
  )
}

/** Returns the init code that deploys a contract whose code is a STOP and the chunk. */
export function weightInitCode(chunk: Uint8Array): Hex {
  const size = numberToHex(chunk.length + 1, { size: 2 })
  // PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN; the code follows at byte 10.
  return concatHex(['0x61', size, '0x80600a5f395ff3', '0x00', bytesToHex(chunk)])
}
