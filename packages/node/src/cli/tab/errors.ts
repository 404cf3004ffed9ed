import { ChainError } from '../chain/errors.ts'

/** A tab does not stand where a command needs it. */
export class TabStateError extends ChainError {
  override name = 'TabStateError'

  constructor(fault: string, advice: string) {
    super(fault, { metaMessages: [advice] })
  }
}
