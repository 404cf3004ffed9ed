import { BaseError } from '@assay/protocol'

/** The platform cannot run the fast engine, or not exactly. */
export class FastEngineError extends BaseError {
  override name = 'FastEngineError'
}

/** The platform has no WebAssembly with SIMD. */
export class PlatformUnsupportedError extends FastEngineError {
  override name = 'PlatformUnsupportedError'
  constructor(cause?: unknown) {
    super('This platform has no WebAssembly with SIMD, which the fast engine needs.', {
      cause,
      metaMessages: ["Choose the reference engine with `unsupported: 'reference'`."],
    })
  }
}

/** A product or hash that is known came out otherwise: nothing that the fast engine computes here can be relied on. */
export class SelfCheckError extends FastEngineError {
  override name = 'SelfCheckError'
  readonly subject: string

  constructor(subject: string) {
    super(`The fast engine is not exact on this platform: ${subject} differ.`)
    this.subject = subject
  }
}

/** A program takes more memory than a WebAssembly memory can have. */
export class EngineMemoryError extends FastEngineError {
  override name = 'EngineMemoryError'
  readonly needed: number

  constructor(needed: number, cause: unknown) {
    super(`The program takes ${needed} bytes of memory, more than the fast engine can have.`, {
      cause,
    })
    this.needed = needed
  }
}
