import { BaseError } from '@assay/protocol'

/** A model file cannot become a program. */
export class ImportError extends BaseError {
  override name = 'ImportError'
}

/** A model file is truncated, corrupt or contradicts itself. */
export class ModelFileError extends ImportError {
  override name = 'ModelFileError'
  readonly field: string

  constructor(field: string, fault: string, cause?: unknown) {
    super(`The model file's ${field} ${fault}.`, cause === undefined ? {} : { cause })
    this.field = field
  }
}

/** A model would take more memory, or have more parts, than allowed. */
export class ModelLimitError extends ImportError {
  override name = 'ModelLimitError'
  readonly subject: string
  readonly found: number
  readonly limit: number

  constructor(subject: string, found: number, limit: number) {
    super(`The model has ${found} ${subject}; at most ${limit} are allowed.`)
    this.subject = subject
    this.found = found
    this.limit = limit
  }
}

/** A model as a whole is of a form that no program has. */
export class UnsupportedModelError extends ImportError {
  override name = 'UnsupportedModelError'
  readonly subject: string
  readonly found: string
  readonly supported: string

  constructor(subject: string, found: string, supported: string) {
    super(`The model's ${subject}: found ${found}, supported ${supported}.`)
    this.subject = subject
    this.found = found
    this.supported = supported
  }
}

export type UnsupportedOperator = {
  /** What the model's format calls the operator. */
  operator: string
  /** Its number in the model, or its name. */
  node: number | string
  /** What of it is not supported. */
  subject: string
  found: string
  supported: string
}

/** An operator of a model has no exact counterpart in a program. */
export class UnsupportedOperatorError extends ImportError {
  override name = 'UnsupportedOperatorError'
  readonly operator: string
  readonly node: number | string
  readonly subject: string
  readonly found: string
  readonly supported: string

  constructor({ operator, node, subject, found, supported }: UnsupportedOperator) {
    super(`Operator ${node} (${operator}): ${subject} is ${found}, supported ${supported}.`)
    this.operator = operator
    this.node = node
    this.subject = subject
    this.found = found
    this.supported = supported
  }
}

/** Bytes are not whole elements of a tensor. */
export class ElementsLengthError extends ImportError {
  override name = 'ElementsLengthError'
  readonly found: number
  readonly needed: number | string

  constructor(found: number, needed: number | string) {
    super(`The tensor has ${found} bytes, needed ${needed}.`)
    this.found = found
    this.needed = needed
  }
}

/** An element of a tensor has a value that programs cannot read. */
export class ElementError extends ImportError {
  override name = 'ElementError'
  readonly index: number

  constructor(index: number, found: string, needed: string) {
    super(`Element ${index} is ${found}, needed ${needed}.`)
    this.index = index
  }
}

/** A manifest is not of the format that this package writes. */
export class ManifestError extends ImportError {
  override name = 'ManifestError'
  readonly field: string

  constructor(field: string, needed: string, cause?: unknown) {
    super(`The manifest's ${field} must be ${needed}.`, cause === undefined ? {} : { cause })
    this.field = field
  }
}
