import { trees } from '@assay/protocol'

/** Trees whose nodes can be demanded, as `Node.tree` numbers them. */
export const nodeTrees = {
  trace: trees.indexOf('Trace'),
  tensor: trees.indexOf('Tensor'),
  weights: trees.indexOf('Weights'),
}
