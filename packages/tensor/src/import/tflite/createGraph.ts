import { createLayers } from '../createLayers.ts'
import { ModelFileError, UnsupportedModelError } from '../errors.ts'
import type { Shape } from '../Layers.ts'
import type { Graph, Value } from './Graph.ts'
import { shapeOf } from './shapeOf.ts'
import type { TfliteTensor } from './TfliteModel.ts'

/** Starts a program that reads an input of this shape. */
export function createGraph(input: Shape): Graph {
  const { list, addConstant, ...layers } = createLayers(input)
  const placed = new Map<number, Value>()

  function constantOf(tensor: TfliteTensor, data: Uint8Array): Value {
    if (tensor.type !== 'INT8') {
      throw new UnsupportedModelError(`constant tensor ${tensor.index}`, tensor.type, 'INT8')
    }
    const shape = shapeOf(tensor.dims)
    const bytes = data.map((byte) => byte ^ 0x80)
    const rows = Array.from({ length: shape.rows }, (_, row) =>
      bytes.subarray(row * shape.rowBytes, (row + 1) * shape.rowBytes),
    )
    return addConstant(rows)
  }

  return {
    ...layers,
    layers: list,
    read(tensor) {
      const known = placed.get(tensor.index)
      if (known !== undefined) return known
      if (tensor.data === undefined) {
        throw new ModelFileError(`tensor ${tensor.index}`, 'is read before anything produces it')
      }
      const value = constantOf(tensor, tensor.data)
      placed.set(tensor.index, value)
      return value
    },
    place(tensor, value) {
      if (placed.has(tensor.index) || tensor.data !== undefined) {
        throw new ModelFileError(`tensor ${tensor.index}`, 'is produced twice')
      }
      placed.set(tensor.index, value)
    },
  }
}
