import { type Claim, hashClaim } from '@assay/protocol'
import {
  encodeReceiptContext,
  type Receipt,
  receiptIdOf,
  receiptTypedData,
  type SignedReceipt,
} from '@assay/protocol/receipt'
import { assayActions, type settleReceipts } from '@assay/sdk'
import { type ActorName, dollars } from '@assay/testing'
import { type Hash, type Hex, keccak256, toHex } from 'viem'

import { hurry } from './actions.ts'
import { networkHelpers, type World } from './deployWorld.ts'

export const fee = dollars(3)

/** An actor with all actions of the SDK; the next block comes a second after the last. */
export function actor(world: World, name: ActorName) {
  return world.actors[name].extend(assayActions(world.deployment))
}

export type Issued = SignedReceipt & { id: Hash; context: Hex }

/** Signs a receipt of the payer's channel with the operator; it is to be found in the index once it is disputed. */
export async function issue(world: World, overrides: Partial<Receipt> = {}): Promise<Issued> {
  const { actors, deployment, operator, payer, version } = world
  const sequence = overrides.sequence ?? 1n
  const word = keccak256(toHex(`receipt ${sequence}`))
  const claim: Claim = {
    ...{ requestId: word, model: version, operator },
    ...{ inputHash: word, outputHash: word, evidenceHash: word },
  }
  const receipt: Receipt = {
    ...{ claimHash: hashClaim(claim), payer, operator, sequence },
    ...{ fee, cumulativeFee: sequence * fee, servedModel: word, unitsIn: 7n, unitsOut: 9n },
    issuedAt: BigInt(await networkHelpers.time.latest()),
    ...overrides,
  }
  const typed = receiptTypedData({ ...deployment, receipt })
  const signature = await actors.operator.signTypedData(typed)
  const id = receiptIdOf({ ...deployment, receipt })
  const context = encodeReceiptContext({ receipt, signature, claim })
  return { receipt, signature, id, context }
}

/** Signs a voucher for the sum of the fees up to `sequence`. */
export async function collect(world: World, name: ActorName, sequence: bigint) {
  const cumulativeFee = sequence * fee
  const { operator } = world
  const voucher = await actor(world, name).signVoucher({ operator, cap: cumulativeFee })
  return { voucher, sequence, cumulativeFee }
}

type Posting = Omit<Parameters<typeof settleReceipts>[1], 'deployment'>

export async function settleBatch(world: World, posting: Posting) {
  await hurry()
  return actor(world, 'operator').settleReceipts(posting)
}
