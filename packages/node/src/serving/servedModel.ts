import type { ModelCard, Price } from '@assay/protocol/http'
import type { Hash } from 'viem'

import type { ServedBackend } from './servedBackend.ts'

/** A model that an operator answers for over HTTP. */
export type ServedModel = Pick<ModelCard, 'payments' | 'verification' | 'maxUnitsOut'> & {
  /** Name by which it is asked for. */
  name: string
  /** Version under which it is registered. */
  version: Hash
  price: Price
  backend: ServedBackend
  /**
   * Whether the upstream counts tokens that it does not show, as closed reasoning models do. Elsewhere no more is charged
   * than the text of the answer can have.
   */
  countsHidden: boolean
}
