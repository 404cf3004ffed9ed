import { type ReceiptDocument, saltsOf } from '@assay/protocol/http'
import { commitContent } from '@assay/protocol/receipt'
import { zeroHash } from 'viem'

import type { Admission, Reply } from '../../receipts/issuer.ts'
import { countUsage } from '../countUsage.ts'
import type { Counted, ServedAnswer } from '../servedBackend.ts'
import type { Asked, ServingDependencies } from './serving.ts'

export type IssueReceiptParameters = {
  asked: Asked
  admission: Admission
  counted: Counted
  reply: Reply
  content: 'bytes' | 'events'
  exact?: Extract<ServedAnswer, { kind: 'body' }>['exact'] | undefined
}

/** Counts an answer, and has its receipt written down and signed. */
export async function issueReceipt(
  { asked, admission, counted, reply, content, exact }: IssueReceiptParameters,
  { observe }: ServingDependencies,
): Promise<ReceiptDocument> {
  const { request, model, terms, settled } = asked
  const { task, choices, maxUnitsOut, bytes } = request
  const { price, countsHidden } = model
  const charged = countUsage({
    ...{ counted, task, price, choices, maxUnitsOut, countsHidden },
    requestBytes: bytes.length,
  })
  const { requestId, secret, isSecretOurs, privacy } = terms
  const salts = saltsOf(secret)
  const document = await admission.issue({
    ...{ requestId, model: model.version, secret, isSecretOurs, privacy, reply, request: bytes },
    ...{ servedModel: counted.servedModel, content: exact ? 'tensor' : content },
    inputHash: exact?.inputHash ?? commitContent({ salt: salts.input, content: bytes }),
    outputHash: exact?.outputHash ?? commitContent({ salt: salts.output, content: reply.body }),
    evidenceHash: exact?.evidenceHash ?? zeroHash,
    trace: exact?.trace,
    ...charged,
    ...(settled && { fee: 0n, payment: settled.proof }),
  })
  const { unitsIn, unitsOut, fee } = document.receipt
  observe({ type: 'issued', model: model.name, unitsIn, unitsOut, fee })
  return document
}
