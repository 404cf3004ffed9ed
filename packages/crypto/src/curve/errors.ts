import { BaseError } from '@assay/protocol'

/** No implementation of secp256k1 can be loaded that gives the known result. Not retryable: install one. */
export class CurveUnavailableError extends BaseError {
  override name = 'CurveUnavailableError'

  constructor(names: readonly string[], cause?: unknown) {
    super(`secp256k1 is not there as ${names.join(' or ')}.`, { cause })
  }
}
