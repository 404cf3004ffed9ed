import { BaseError } from '@assay/protocol'

/** A thread of an engine failed, or was closed while work was waiting. */
export class EngineThreadError extends BaseError {
  override name = 'EngineThreadError'
}

/** The thread that hashes a trace did not finish in time. */
export class HashThreadTimeoutError extends EngineThreadError {
  override name = 'HashThreadTimeoutError'
  readonly timeoutMs: number

  constructor(timeoutMs: number) {
    super(`The thread that commits to tensors did not finish within ${timeoutMs} ms.`)
    this.timeoutMs = timeoutMs
  }
}
