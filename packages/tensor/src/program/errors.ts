import { BaseError } from '@assay/protocol'
import type { Hash } from 'viem'

type Value = number | string

/** One field of an operator is not what the program needs there. */
export class OperatorError extends BaseError {
  override name = 'OperatorError'
  readonly operator: number
  readonly field: string
  readonly found: Value
  readonly needed: Value

  constructor(operator: number, field: string, found: Value, needed: Value) {
    super(`Operator ${operator}: ${field} is ${found}, needed ${needed}.`)
    this.operator = operator
    this.field = field
    this.found = found
    this.needed = needed
  }
}

/** A descriptor has another length than its kind. */
export class DescriptorLengthError extends OperatorError {
  override name = 'DescriptorLengthError'
  constructor(operator: number, found: number, needed: Value) {
    super(operator, 'the length of its descriptor', found, needed)
  }
}

/** No operator of this kind exists, or not in this place. */
export class OperatorKindError extends OperatorError {
  override name = 'OperatorKindError'
  constructor(operator: number, found: number) {
    super(operator, 'kind', found, operator === 0 ? '0 (INPUT)' : '1 to 11')
  }
}

/** An operator reads a tensor that is not an earlier one, or names one where it reads none. */
export class SourceError extends OperatorError {
  override name = 'SourceError'
  constructor(
    operator: number,
    found: number,
    field = 'source',
    needed: Value = `below ${operator}`,
  ) {
    super(operator, field, found, needed)
  }
}

/** A shape does not follow from the operator and its source. */
export class ShapeError extends OperatorError {
  override name = 'ShapeError'
}

/** A field of an operator has a value that its kind does not allow. */
export class FieldError extends OperatorError {
  override name = 'FieldError'
}

/** A value does not fit the field of a descriptor that it is written to. */
export class FieldRangeError extends BaseError {
  override name = 'FieldRangeError'
  readonly field: string
  readonly found: number
  readonly needed: string

  constructor(field: string, found: number, needed: string) {
    super(`Field ${field} is ${found}, needed ${needed}.`)
    this.field = field
    this.found = found
    this.needed = needed
  }
}

/** The bytes of the weights do not fill the weight rows of the program. */
export class WeightsLengthError extends OperatorError {
  override name = 'WeightsLengthError'
  constructor(operator: number, found: number, needed: number) {
    super(operator, 'the number of bytes left for its weights', found, needed)
  }
}

/** A weight row is padded with something other than zero weights. */
export class WeightPaddingError extends OperatorError {
  override name = 'WeightPaddingError'
  readonly row: number
  constructor(operator: number, row: number, found: number) {
    super(operator, `padding of weight row ${row}`, found, 0x80)
    this.row = row
  }
}

/** The weights are not those that the operator commits to. */
export class WeightsRootError extends OperatorError {
  override name = 'WeightsRootError'
  constructor(operator: number, found: Hash, needed: Hash) {
    super(operator, 'the root of its weights', found, needed)
  }
}

/** A program is not the one expected. */
export class ProgramRootError extends BaseError {
  override name = 'ProgramRootError'
  readonly found: Hash
  readonly needed: Hash

  constructor(found: Hash, needed: Hash) {
    super(`The program's root is ${found}, needed ${needed}.`)
    this.found = found
    this.needed = needed
  }
}

/** A program would take more memory, or have more operators, than allowed. */
export class ProgramLimitError extends BaseError {
  override name = 'ProgramLimitError'
  readonly subject: string
  readonly found: number
  readonly limit: number

  constructor(subject: string, found: number, limit: number) {
    super(`The program has ${found} ${subject}; at most ${limit} are allowed.`)
    this.subject = subject
    this.found = found
    this.limit = limit
  }
}

/** A program has no operator besides its input. */
export class ProgramEmptyError extends BaseError {
  override name = 'ProgramEmptyError'
  constructor(descriptors: number) {
    super(`A program has an input and at least one operator, not ${descriptors} descriptors.`)
  }
}

/** More bytes were given than the program's weight rows take. */
export class WeightsExcessError extends BaseError {
  override name = 'WeightsExcessError'
  readonly found: number
  readonly needed: number

  constructor(found: number, needed: number) {
    super(`The weights have ${found} bytes; the program's rows take ${needed}.`)
    this.found = found
    this.needed = needed
  }
}

/** A program file is not of the format that this package reads. */
export class ProgramFileError extends BaseError {
  override name = 'ProgramFileError'
  constructor(field: string, needed: string, cause?: unknown) {
    super(`The program file's ${field} must be ${needed}.`, cause === undefined ? {} : { cause })
  }
}

/** A decision tree cannot be encoded. */
export class TreeError extends BaseError {
  override name = 'TreeError'
  readonly subject: string
  readonly found: number
  readonly needed: string

  constructor(subject: string, found: number, needed: string) {
    super(`The tree's ${subject}: found ${found}, needed ${needed}.`)
    this.subject = subject
    this.found = found
    this.needed = needed
  }
}
