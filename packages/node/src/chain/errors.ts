import { BaseError } from '@assay/protocol'

/** None of the blocks that the journal knows is on the chain any more. Not retryable: it is another chain. */
export class ChainReplacedError extends BaseError {
  override name = 'ChainReplacedError'

  constructor({ number }: { number: bigint }) {
    super(`Block ${number} is not the one that the journal has followed since.`, {
      metaMessages: ['The chain was replaced, or reorganised deeper than any setting allows for.'],
    })
  }
}

/** Nodes tell different stories about a block. Retryable: one of them lags. */
export class NodesDisagreeError extends BaseError {
  override name = 'NodesDisagreeError'

  constructor({ number }: { number: bigint }) {
    super(`The nodes disagree about what follows block ${number}.`)
  }
}
