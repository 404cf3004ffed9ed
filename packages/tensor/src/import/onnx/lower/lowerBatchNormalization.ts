import { showShape } from '../../dims.ts'
import { unitWindow } from '../../unitWindow.ts'
import { naturalOrder } from '../createGraph.ts'
import { normalisationOf } from '../evaluate/evaluateElements.ts'
import type { Value } from '../Graph.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { floats } from '../Tensor.ts'
import { clampOf } from './clamp.ts'
import type { Lowered, Lowering } from './Lowering.ts'
import { imageOf } from './lowerConv.ts'
import { weightRowsOf } from './weightRows.ts'

/** BatchNormalization that no product before it takes up: one weight for each channel. */
export function lowerBatchNormalization(node: OnnxNode, lowering: Lowering): Lowered {
  const { graph } = lowering
  const inputs = node.inputs.map((name, i) => (i === 0 ? undefined : lowering.constantOf(name)))
  const { scale, shift } = normalisationOf(node, inputs)
  const channels = scale.length
  const source = channelsLastOf(node, lowering)
  graph.reserveRows(channels, 1)
  const tail = lowering.takeTail(node)
  const rows = weightRowsOf(node, lowering, {
    weights: floats([channels, 1], Float32Array.from(scale)),
    ...{ axis: 0, outputs: channels, taps: 1, bias: undefined, at: (o: number) => o },
    tail: { ...tail, scale: new Float64Array(channels).fill(1), shift },
    input: source.coding,
  })
  const [width, height] = [source.rowBytes / channels, source.rows]
  const placed = graph.add(
    {
      ...{ kind: 'conv', source: source.tensor, groups: channels, ...unitWindow, rows },
      ...{ width, channels, height, outputWidth: width, inputZero: source.coding.zero },
      ...clampOf(tail, tail.coding),
    },
    source,
  )
  return { name: tail.name, value: { ...source, ...placed, coding: tail.coding } }
}

function channelsLastOf(node: OnnxNode, lowering: Lowering): Value {
  const [name = ''] = node.inputs
  const dims = lowering.dimsOf(name)
  if (dims.length === 2) {
    const { order, split } = naturalOrder(dims)
    return lowering.graph.arrange(lowering.read(name), order, split)
  }
  if (dims[0] !== 1 || dims.length > 4 || dims.length < 3) {
    refuse(node, 'shape of its input', showShape(dims), '[N, C], [1, C, W] or [1, C, H, W]')
  }
  return imageOf(lowering, name)
}
