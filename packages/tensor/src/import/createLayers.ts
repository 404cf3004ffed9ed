import type { Layer } from '../program/Layer.ts'
import { defaultLimits } from '../program/parseProgram.ts'
import { weightRowLength } from '../program/weightRow.ts'
import { ModelLimitError } from './errors.ts'
import type { Layers, Placed, Shape } from './Layers.ts'

/** Starts a program that reads an input of this shape. */
export function createLayers(input: Shape): Layers {
  const list: Layer[] = []
  const used = { traceBytes: input.rows * input.rowBytes, weightBytes: 0 }

  function spend(subject: 'traceBytes' | 'weightBytes', bytes: number) {
    used[subject] += bytes
    const name = subject === 'traceBytes' ? 'bytes of activations' : 'bytes of weights'
    needWithin(name, used[subject], defaultLimits[subject])
  }

  function add(layer: Layer, { rows, rowBytes }: Shape): Placed {
    spend('traceBytes', rows * rowBytes)
    list.push(layer)
    needWithin('layers', list.length, defaultLimits.operators)
    return { tensor: list.length, rows, rowBytes }
  }

  /** Copies a tensor as it is. */
  function copy({ tensor }: Placed, { rows, rowBytes }: Shape): Placed {
    const dims = [rows * rowBytes]
    const axes = [{ low: 0, high: dims[0]!, stride: 1 }]
    const pieces = [{ source: tensor, base: 0, axes }]
    return add({ kind: 'move', rows, rowBytes, fill: 0, dims, pieces }, { rows, rowBytes })
  }

  return {
    list,
    add,
    addConstant(rows) {
      const shape = { rows: rows.length, rowBytes: rows[0]?.length ?? 0 }
      spend('weightBytes', shape.rows * shape.rowBytes)
      return add({ kind: 'constant', rows }, shape)
    },
    reserveBytes(bytes) {
      spend('weightBytes', bytes)
    },
    reserveRows(rows, inputs) {
      spend('weightBytes', rows * weightRowLength(inputs))
    },
    reshape(placed, shape) {
      const isSame = placed.rows === shape.rows && placed.rowBytes === shape.rowBytes
      return isSame ? placed : copy(placed, shape)
    },
    end(placed) {
      const isLast = placed.tensor === list.length && placed.tensor > 0
      return isLast ? placed : copy(placed, placed)
    },
  }
}

function needWithin(subject: string, found: number, limit: number) {
  if (found > limit) throw new ModelLimitError(subject, found, limit)
}
