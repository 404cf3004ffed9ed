import { type ReceiptDocument, verifyAnswer } from '@assay/protocol/http'
import { receiptIdOf } from '@assay/protocol/receipt'
import { type Address, type Hash, isAddressEqual } from 'viem'
import { formatTime } from '../chain/formatTime.ts'
import type { Report } from '../chain/report.ts'
import { ReceiptMismatchError } from './errors.ts'
import { readContent, readReceiptFile } from './readReceiptFile.ts'

export type VerifyReceiptOptions = {
  /** Receipt document as JSON or as the header's value, or a stream that ends with one. */
  file: string
  request?: string
  response?: string
  secret?: Hash
  /** Name of the request. */
  name?: Hash
  operator?: Address
  signer?: Address[]
  model?: Hash
}

/** Checks a receipt that was kept. Throws what `verifyAnswer` throws, `ReceiptMismatchError`, or `ConfigError`. */
export async function verifyReceiptFile(options: VerifyReceiptOptions): Promise<Report> {
  const { secret, name, signer } = options
  const { document, content } = await readReceiptFile(options.file)
  const request = options.request === undefined ? undefined : await readContent(options.request)
  const response = options.response === undefined ? content : await readContent(options.response)
  // A stream is there with its receipt whether it is to be checked or not: that takes its secret.
  const isSalted = secret !== undefined || document.secret !== undefined
  const shown = isSalted || options.response !== undefined ? response : undefined
  await verifyAnswer({
    document,
    ...(secret !== undefined && { secret }),
    ...(name !== undefined && { requestId: name }),
    ...(signer !== undefined && { signers: signer }),
    ...(request !== undefined && { request }),
    ...(shown !== undefined && { response: shown }),
  })
  requireExpected(document, options)
  return reportOf(document, { request: request !== undefined, response: shown !== undefined })
}

function requireExpected(document: ReceiptDocument, { operator, model }: VerifyReceiptOptions) {
  const { receipt, claim } = document
  if (operator !== undefined && !isAddressEqual(operator, receipt.operator)) {
    throw new ReceiptMismatchError('operator', receipt.operator, operator)
  }
  if (model !== undefined && claim?.model !== model) {
    throw new ReceiptMismatchError('model', claim?.model ?? 'not shown', model)
  }
}

function reportOf(
  document: ReceiptDocument,
  checked: { request: boolean; response: boolean },
): Report {
  const { chainId, ledger, receipt, claim, servedModel, usage, payment } = document
  const id = receiptIdOf({ chainId, ledger, receipt })
  const { operator, payer, sequence, fee, cumulativeFee, unitsIn, unitsOut, issuedAt } = receipt
  const state = (isChecked: boolean) => (isChecked ? 'is the one of the claim' : 'not checked')
  return {
    lines: [
      `Receipt ${id}`,
      `  operator   ${operator}`,
      `  payer      ${payer}, answer ${sequence} of the channel`,
      `  model      ${servedModel}${claim === undefined ? '' : `, version ${claim.model}`}`,
      `  usage      ${unitsIn} in, ${unitsOut} out (${usage})`,
      `  fee        ${fee} token units, ${cumulativeFee} in all`,
      ...(payment === undefined
        ? []
        : [`  paid       ${payment.amount} token units by x402, ${payment.transaction}`]),
      `  issued     ${formatTime(issuedAt)}`,
      `  ledger     ${ledger} on chain ${chainId}`,
      `  request    ${state(checked.request)}`,
      `  answer     ${state(checked.response)}`,
      'It is signed as it says.',
    ],
    data: { id, ...document, checked },
  }
}
