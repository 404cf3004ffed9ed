import { BaseError } from '@assay/protocol'

/** A layer's weights do not belong to its inputs and biases. */
export class LayerShapeError extends BaseError {
  override name = 'LayerShapeError'
  readonly layer: number
  readonly found: number
  readonly needed: number

  constructor(layer: number, found: number, needed: number) {
    super(`Layer ${layer} has ${found} weights; its inputs and biases need ${needed}.`)
    this.layer = layer
    this.found = found
    this.needed = needed
  }
}

/** No inputs were given to measure ranges with. */
export class CalibrationEmptyError extends BaseError {
  override name = 'CalibrationEmptyError'
  constructor() {
    super('Calibration needs at least one input.')
  }
}
