import type { Layer } from '../program/Layer.ts'
import type { LayerContext, Shape } from './randomContext.ts'
import {
  randomAdd,
  randomLookup,
  randomMul,
  randomPool,
  randomSoftmax,
} from './randomElementwise.ts'
import { randomConstant, randomMove } from './randomMove.ts'
import { randomConv, randomDense } from './randomNeurons.ts'
import { randomSum, randomTrees } from './randomTrees.ts'

const makers: { [kind in Layer['kind']]: (context: LayerContext) => Layer } = {
  dense: randomDense,
  lookup: randomLookup,
  conv: randomConv,
  add: randomAdd,
  mul: randomMul,
  pool: randomPool,
  move: randomMove,
  softmax: randomSoftmax,
  constant: randomConstant,
  trees: randomTrees,
  sum: randomSum,
}

/** Every kind that a layer can have. */
export const layerKinds = Object.keys(makers) as readonly Layer['kind'][]

/** Makes a layer of a kind; a look-up where the source cannot be summed. */
export function randomLayer(kind: Layer['kind'], context: LayerContext): Layer {
  const isSummable = context.read.rowBytes % 4 === 0
  return makers[kind === 'sum' && !isSummable ? 'lookup' : kind](context)
}

/** Returns the shape that a layer produces from the one it reads. */
export function shapeOf(layer: Layer, read: Shape): Shape {
  switch (layer.kind) {
    case 'dense':
      return { rows: 1, rowBytes: layer.rows.length }
    case 'conv':
      return { rows: layer.height, rowBytes: layer.outputWidth * layer.rows.length }
    case 'pool':
      return { rows: layer.height, rowBytes: layer.outputWidth * layer.channels }
    case 'move':
      return { rows: layer.rows, rowBytes: layer.rowBytes }
    case 'constant':
      return { rows: layer.rows.length, rowBytes: layer.rows[0]!.length }
    case 'trees':
      return { rows: layer.trees.length, rowBytes: 4 * layer.values }
    case 'sum':
      return { rows: 1, rowBytes: 4 * layer.outputs }
    default:
      return read
  }
}
