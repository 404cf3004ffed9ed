import { BaseError } from '@assay/protocol'

/** An operator's models, or the list of operators, could not be read. Retried at the next refresh. */
export class DiscoveryError extends BaseError {
  override name = 'DiscoveryError'
}
