import { BaseError } from '@assay/protocol'

/** What the daemon was told to do cannot be done. Not retryable: change the configuration. */
export class ConfigError extends BaseError {
  override name = 'ConfigError'
}
