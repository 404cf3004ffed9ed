import { BaseError } from '@assay/protocol'

/** A file that a command was given is not what the command needs. */
export class ModelFileInputError extends BaseError {
  override name = 'ModelFileInputError'
  readonly file: string

  constructor(file: string, fault: string, cause?: unknown) {
    super(`${file} ${fault}.`, cause === undefined ? {} : { cause })
    this.file = file
  }
}
