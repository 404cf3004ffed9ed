import {
  type LedgerDomainParameters,
  ledgerDomain,
  type Receipt,
  receiptTypes,
} from '@assay/protocol/receipt'
import { domainSeparator, type Hash, keccak256, stringToHex } from 'viem'

import { instantiateKernels } from '../kernels/instantiateKernels.ts'

/** Computes ids of receipts of one ledger. */
export type ReceiptHasher = {
  /** The EIP-712 digest of a receipt: the same as `receiptIdOf` of the protocol. */
  digest: (receipt: Receipt) => Hash
  /** The digests of many, in less time each. */
  digests: (receipts: readonly Receipt[]) => Hash[]
}

const fields = receiptTypes.Receipt.map(({ type, name }) => `${type} ${name}`)
const typeHash = keccak256(stringToHex(`Receipt(${fields.join()})`))

/** Words of a receipt's struct, its type hash first. */
const words = 1 + fields.length
const structBytes = 32 * words
/** 0x1901 ‖ domain ‖ struct hash, and what the kernels read beyond it. */
const digestBytes = 66
/** Receipts that are hashed at a time. */
const chunk = 256

/**
 * Creates what hashes receipts of one ledger, laid out by hand.
 *
 * @example
 * const { digest } = createReceiptHasher({ chainId, ledger })
 * const id = digest(receipt)
 */
export function createReceiptHasher(parameters: LedgerDomainParameters): ReceiptHasher {
  const { kernels, base } = instantiateKernels(chunk * (structBytes + digestBytes + 32) + 64)
  const memory = Buffer.from(kernels.memory.buffer)
  const structs = base
  const hashes = structs + chunk * structBytes
  const messages = hashes + chunk * 32
  const view = new DataView(kernels.memory.buffer)
  prepare(memory, { structs, messages, parameters })

  function hash(receipts: readonly Receipt[], first: number, count: number, digests: Hash[]) {
    for (let i = 0; i < count; i++)
      layOut(memory, view, structs + i * structBytes, receipts[first + i]!)
    kernels.hashMessages(structs, count, structBytes, hashes)
    for (let i = 0; i < count; i++) {
      const from = hashes + 32 * i
      memory.copyWithin(messages + digestBytes * i + 34, from, from + 32)
    }
    kernels.hashMessages(messages, count, digestBytes, hashes)
    for (let i = 0; i < count; i++) {
      digests.push(`0x${memory.toString('hex', hashes + 32 * i, hashes + 32 * i + 32)}`)
    }
  }

  function digests(receipts: readonly Receipt[]): Hash[] {
    const found: Hash[] = []
    for (let first = 0; first < receipts.length; first += chunk) {
      hash(receipts, first, Math.min(chunk, receipts.length - first), found)
    }
    return found
  }
  return { digests, digest: (receipt) => digests([receipt])[0]! }
}

type Layout = { structs: number; messages: number; parameters: LedgerDomainParameters }

/** Writes what is the same for all receipts of a ledger. */
function prepare(memory: Buffer, { structs, messages, parameters }: Layout) {
  const separator = domainSeparator({ domain: ledgerDomain(parameters) })
  for (let i = 0; i < chunk; i++) {
    memory.fill(0, structs + i * structBytes, structs + (i + 1) * structBytes)
    memory.write(typeHash.slice(2), structs + i * structBytes, 'hex')
    memory.write(`1901${separator.slice(2)}`, messages + i * digestBytes, 'hex')
  }
}

/** Writes the words of a receipt, whose padding is zero already, after its type hash. */
function layOut(memory: Buffer, view: DataView, struct: number, receipt: Receipt) {
  memory.write(receipt.claimHash.slice(2), struct + 32, 'hex')
  memory.write(receipt.payer.slice(2), struct + 76, 'hex')
  memory.write(receipt.operator.slice(2), struct + 108, 'hex')
  view.setBigUint64(struct + 152, receipt.sequence)
  setUint128(view, struct + 176, receipt.fee)
  setUint128(view, struct + 208, receipt.cumulativeFee)
  memory.write(receipt.servedModel.slice(2), struct + 224, 'hex')
  view.setBigUint64(struct + 280, receipt.unitsIn)
  view.setBigUint64(struct + 312, receipt.unitsOut)
  view.setBigUint64(struct + 344, receipt.issuedAt)
}

const low = 1n << 64n

function setUint128(view: DataView, at: number, value: bigint) {
  view.setBigUint64(at, value < low ? 0n : value >> 64n)
  view.setBigUint64(at + 8, value)
}
