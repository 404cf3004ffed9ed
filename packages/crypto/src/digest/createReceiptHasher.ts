import {
  type LedgerDomainParameters,
  ledgerDomain,
  type Receipt,
  receiptTypes,
} from '@assay/protocol/receipt'
import { domainSeparator, type Hash, type Hex, keccak256, stringToHex } from 'viem'

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
  const { kernels, base } = instantiateKernels(32 + chunk * (structBytes + 32) + 64)
  const memory = Buffer.from(kernels.memory.buffer)
  const view = new DataView(kernels.memory.buffer)
  const structs = base + 32
  const hashes = structs + chunk * structBytes
  memory.write(domainSeparator({ domain: ledgerDomain(parameters) }).slice(2), base, 'hex')
  for (let i = 0; i < chunk; i++) {
    memory.fill(0, structs + i * structBytes, structs + (i + 1) * structBytes)
    memory.write(typeHash.slice(2), structs + i * structBytes, 'hex')
  }
  const written = Array.from({ length: chunk }, (): Written => ({}))

  function hash(receipts: readonly Receipt[], first: number, count: number, digests: Hash[]) {
    for (let i = 0; i < count; i++) {
      const struct = structs + i * structBytes
      layOut({ memory, view, struct, written: written[i]! }, receipts[first + i]!)
    }
    kernels.hashTyped(base, structs, count, structBytes, hashes)
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

/** What stands in a struct already: receipts of one operator share most of it. */
type Written = Partial<Pick<Receipt, 'payer' | 'operator' | 'servedModel'>>

type Place = { memory: Buffer; view: DataView; struct: number; written: Written }

/** Writes the words of a receipt, whose padding is zero already, after its type hash. */
function layOut(place: Place, receipt: Receipt) {
  const { memory, view, struct } = place
  memory.write(receipt.claimHash.slice(2), struct + 32, 'hex')
  layOutShared(place, 'payer', receipt.payer, 76)
  layOutShared(place, 'operator', receipt.operator, 108)
  view.setBigUint64(struct + 152, receipt.sequence)
  setUint128(view, struct + 176, receipt.fee)
  setUint128(view, struct + 208, receipt.cumulativeFee)
  layOutShared(place, 'servedModel', receipt.servedModel, 224)
  view.setBigUint64(struct + 280, receipt.unitsIn)
  view.setBigUint64(struct + 312, receipt.unitsOut)
  view.setBigUint64(struct + 344, receipt.issuedAt)
}

function layOutShared(place: Place, name: keyof Written, value: Hex, offset: number) {
  const { memory, struct, written } = place
  if (written[name] === value) return
  written[name] = value
  memory.write(value.slice(2), struct + offset, 'hex')
}

const low = 1n << 64n

function setUint128(view: DataView, at: number, value: bigint) {
  view.setBigUint64(at, value < low ? 0n : value >> 64n)
  view.setBigUint64(at + 8, value)
}
