import { bytesToHex, concatBytes, type Hex, numberToBytes } from 'viem'

import type { Program } from './Program.ts'
import { weightBytes } from './weightBytes.ts'

/** EIP-170's limit, less the STOP that keeps weights from being run. */
const chunkLength = 24_575

/** Splits the weights of all operators into chunks, each small enough to be one contract's code. */
export function weightCode(program: Program): Uint8Array[] {
  const bytes = weightBytes(program)
  const count = Math.ceil(bytes.length / chunkLength)
  return Array.from({ length: count }, (_, i) =>
    bytes.subarray(i * chunkLength, (i + 1) * chunkLength),
  )
}

/** Returns the init code that deploys a contract whose code is a STOP and the chunk. */
export function weightInitCode(chunk: Uint8Array): Hex {
  const length = chunk.length + 1
  // PUSH2 length, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN; the code follows at byte 10.
  const copy = Uint8Array.of(0x80, 0x60, 0x0a, 0x5f, 0x39, 0x5f, 0xf3)
  return bytesToHex(
    concatBytes([
      Uint8Array.of(0x61),
      numberToBytes(length, { size: 2 }),
      copy,
      Uint8Array.of(0),
      chunk,
    ]),
  )
}
