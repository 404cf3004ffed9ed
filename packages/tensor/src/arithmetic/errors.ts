import { BaseError } from '@assay/protocol'

/** A real factor cannot be expressed as a multiplier and a shift. */
export class RealMultiplierError extends BaseError {
  override name = 'RealMultiplierError'
  readonly real: number

  constructor(real: number) {
    super(`A real multiplier is finite and not negative, not ${real}.`)
    this.real = real
  }
}
