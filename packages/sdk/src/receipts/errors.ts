import { BaseError } from '@assay/protocol'
import type { ReceiptDocument } from '@assay/protocol/http'

/** An answer came without a receipt. */
export class ReceiptMissingError extends BaseError {
  override name = 'ReceiptMissingError'

  constructor() {
    super('The answer has no receipt: nobody is liable for it.')
  }
}

/** A receipt binds in another ledger. */
export class ReceiptForeignError extends BaseError {
  override name = 'ReceiptForeignError'

  constructor({ chainId, ledger }: Pick<ReceiptDocument, 'chainId' | 'ledger'>) {
    super(
      `The receipt binds in the ledger ${ledger} on chain ${chainId}, which is not the one asked for.`,
    )
  }
}
