import type { Layer } from '../../program/Layer.ts'
import { defaultLimits } from '../../program/parseProgram.ts'
import { weightRowLength } from '../../program/weightRow.ts'
import { ModelFileError, ModelLimitError, UnsupportedModelError } from '../errors.ts'
import type { Graph, Shape, Value } from './Graph.ts'
import { shapeOf } from './shapeOf.ts'
import type { TfliteTensor } from './TfliteModel.ts'

/** Starts a program that reads an input of this shape. */
export function createGraph(input: Shape): Graph {
  const layers: Layer[] = []
  const placed = new Map<number, Value>()
  const used = { traceBytes: input.rows * input.rowBytes, weightBytes: 0 }

  function spend(subject: 'traceBytes' | 'weightBytes', bytes: number) {
    used[subject] += bytes
    const name = subject === 'traceBytes' ? 'bytes of activations' : 'bytes of weights'
    needWithin(name, used[subject], defaultLimits[subject])
  }

  function add(layer: Layer, { rows, rowBytes }: Shape): Value {
    spend('traceBytes', rows * rowBytes)
    layers.push(layer)
    needWithin('layers', layers.length, defaultLimits.operators)
    return { tensor: layers.length, rows, rowBytes }
  }

  function addConstant(tensor: TfliteTensor, data: Uint8Array): Value {
    if (tensor.type !== 'INT8') {
      throw new UnsupportedModelError(`constant tensor ${tensor.index}`, tensor.type, 'INT8')
    }
    const shape = shapeOf(tensor.dims)
    spend('weightBytes', data.length)
    const bytes = data.map((byte) => byte ^ 0x80)
    const rows = Array.from({ length: shape.rows }, (_, row) =>
      bytes.subarray(row * shape.rowBytes, (row + 1) * shape.rowBytes),
    )
    return add({ kind: 'constant', rows }, shape)
  }

  return {
    layers,
    add,
    read(tensor) {
      const known = placed.get(tensor.index)
      if (known !== undefined) return known
      if (tensor.data === undefined) {
        throw new ModelFileError(`tensor ${tensor.index}`, 'is read before anything produces it')
      }
      const value = addConstant(tensor, tensor.data)
      placed.set(tensor.index, value)
      return value
    },
    place(tensor, value) {
      if (placed.has(tensor.index) || tensor.data !== undefined) {
        throw new ModelFileError(`tensor ${tensor.index}`, 'is produced twice')
      }
      placed.set(tensor.index, value)
    },
    reshape(value, { rows, rowBytes }) {
      if (value.rows === rows && value.rowBytes === rowBytes) return value
      const dims = [rows * rowBytes]
      const axes = [{ low: 0, high: dims[0]!, stride: 1 }]
      const pieces = [{ source: value.tensor, base: 0, axes }]
      return add({ kind: 'move', rows, rowBytes, fill: 0, dims, pieces }, { rows, rowBytes })
    },
    reserveRows(rows, inputs) {
      spend('weightBytes', rows * weightRowLength(inputs))
    },
  }
}

function needWithin(subject: string, found: number, limit: number) {
  if (found > limit) throw new ModelLimitError(subject, found, limit)
}
