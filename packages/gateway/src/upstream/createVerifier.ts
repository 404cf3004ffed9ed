import {
  type ReceiptDocument,
  type VerifyAnswerParameters,
  verifyAnswer,
} from '@assay/protocol/http'
import { SignerMismatchError } from '@assay/protocol/receipt'
import type { Address } from 'viem'

import type { Upstream } from '../catalog/upstream.ts'
import { ChannelError } from '../errors.ts'
import type { Clock } from '../support/clock.ts'
import { noteId } from '../support/idOf.ts'

export type CreateVerifierDependencies = {
  clock: Pick<Clock, 'now'>
  recover: NonNullable<VerifyAnswerParameters['recover']>
  /** Asks the chain until when a signer binds an operator, in Unix seconds; absent where no chain is asked. */
  signerUntil?: ((operator: Address, signer: Address) => Promise<bigint>) | undefined
  /** Seconds by which a fresh receipt may be off our clock. */
  toleranceSeconds: number
}

export type Verifier = {
  /** Checks a receipt and what it came with, as far as it is given; throws what `verifyAnswer` throws. */
  verify: (parameters: VerifyAnswerParameters, upstream: Upstream) => Promise<void>
  /** The same for an answer that was given this moment: its time has to be about now. Throws `ChannelError` besides. */
  verifyFresh: (parameters: VerifyAnswerParameters, upstream: Upstream) => Promise<void>
}

/** Creates what checks receipts before their answers are believed. */
export function createVerifier(dependencies: CreateVerifierDependencies): Verifier {
  const { clock, recover, signerUntil, toleranceSeconds } = dependencies
  const until = new Map<string, bigint>()

  async function isBinding(operator: Address, signer: Address, issuedAt: bigint) {
    if (signerUntil === undefined) return false
    const name = `${operator}:${signer}`
    const known = until.get(name) ?? (await signerUntil(operator, signer).catch(() => 0n))
    if (known > issuedAt) until.set(name, known)
    return issuedAt < known
  }

  async function verify(parameters: VerifyAnswerParameters, upstream: Upstream) {
    const { document } = parameters
    const noting: typeof recover = (digest, signature) => {
      noteId(document, digest)
      return recover(digest, signature)
    }
    const given = { ...parameters, signers: upstream.signers, recover: noting }
    try {
      await verifyAnswer(given)
    } catch (error) {
      if (!(error instanceof SignerMismatchError) || error.signer === undefined) throw error
      const { operator, issuedAt } = document.receipt
      if (!(await isBinding(operator, error.signer, issuedAt))) throw error
      await verifyAnswer({ ...given, signers: [...upstream.signers, error.signer] })
    }
  }

  return {
    verify,
    async verifyFresh(parameters, upstream) {
      await verify(parameters, upstream)
      requireNow(parameters.document, clock.now(), toleranceSeconds)
    },
  }
}

function requireNow({ receipt }: ReceiptDocument, nowMs: number, toleranceSeconds: number) {
  const off = Math.abs(Number(receipt.issuedAt) - nowMs / 1000)
  if (off <= toleranceSeconds) return
  throw new ChannelError(`The receipt is dated ${Math.round(off)} seconds away from now.`)
}
