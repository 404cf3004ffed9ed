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

/** The node left something out of an answer. Retryable: it may catch up, or another node may know. */
export class NodeIncompleteError extends BaseError {
  override name = 'NodeIncompleteError'

  constructor({ missing }: { missing: string }) {
    super(`The node answered without ${missing}.`)
  }
}
