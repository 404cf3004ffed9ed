import { hashClaim } from '@assay/protocol'
import { type Receipt, servedModelOf } from '@assay/protocol/receipt'
import type { AppendReceiptParameters, UnsignedDocument } from '../journal/createReceipts.ts'
import type { Entry, IssuerContext } from './createIssuer.ts'
import type { Answered } from './issuer.ts'

/** Takes the next place in a channel, and returns the receipt that has it. Runs in the transaction that writes it. */
export function composeReceipt(
  context: IssuerContext,
  entry: Entry,
  answered: Answered,
): AppendReceiptParameters {
  const { journal, clock } = context
  const { request, payer } = entry
  const channel = journal.channels.read(payer)
  const now = BigInt(Math.floor(clock.now() / 1000))
  // A clock that is set back must not put a receipt before the one that it follows.
  const issuedAt = now > channel.issuedAt ? now : channel.issuedAt
  const sequence = channel.sequence + 1n
  const cumulativeFee = channel.cumulativeFee + answered.fee
  journal.channels.write({ ...channel, sequence, cumulativeFee, issuedAt })

  const document = documentOf(context, entry, answered, { sequence, cumulativeFee, issuedAt })
  const { privacy, secret, isSecretOurs, reply, trace } = answered
  const { requestId, requestHash } = request
  const published = privacy === 'public' ? answered.request : undefined
  const id = context.hasher.digest(document.receipt)
  if (trace !== undefined)
    journal.results.putTrace(id, trace, privacy === 'payment' ? [] : undefined)
  return {
    id,
    document,
    privacy,
    answer: {
      ...{ requestId, requestHash, secret, isSecretOurs },
      ...{ contentType: reply.contentType, request: published, body: reply.body },
    },
  }
}

function documentOf(
  { deployment, operator }: IssuerContext,
  { payer }: Entry,
  answered: Answered,
  place: Pick<Receipt, 'sequence' | 'cumulativeFee' | 'issuedAt'>,
): UnsignedDocument {
  const { requestId, model, inputHash, outputHash, evidenceHash } = answered
  const claim = { requestId, model, operator, inputHash, outputHash, evidenceHash }
  const { fee, unitsIn, unitsOut, servedModel, usage, content, payment } = answered
  const { chainId, ledger } = deployment
  return {
    ...{ version: 1, chainId, ledger },
    receipt: {
      ...{ claimHash: hashClaim(claim), payer, operator, fee, ...place },
      ...{ servedModel: servedModelOf(servedModel), unitsIn, unitsOut },
    },
    ...{ claim, servedModel, usage, content },
    ...(payment !== undefined && { payment }),
  }
}
