import { showShape } from '../dims.ts'
import { integerOf, integersOf, refuse, reject, textOf } from './node.ts'
import type { OnnxNode } from './OnnxModel.ts'

/** Greatest value of the fields of a window in a program. */
const maxField = 0xffff

/** The direction that an image [1, C, W] does not have. */
const once = { size: 1, kernel: 1, stride: 1, dilation: 1 }

/** How a window moves over an image [1, C, H, W]; of [1, C, W] the height is one. */
export type Window = {
  channels: number
  /** Lines and places of the input. */
  height: number
  width: number
  kernel: readonly [number, number]
  stride: readonly [number, number]
  dilation: readonly [number, number]
  padTop: number
  padLeft: number
  /** Lines and places of the output. */
  outputHeight: number
  outputWidth: number
  /** Whether some window reaches over the edge of the image. */
  isPadded: boolean
  /** Whether some window reaches over the padding, which then does not count. */
  isCut: boolean
}

/** Places the window of a convolution or pool; `shape` is the kernel's where the weights say it. */
export function windowOf(
  node: OnnxNode,
  dims: readonly number[],
  shape?: readonly number[],
): Window {
  const spatial = dims.length - 2
  if (dims[0] !== 1 || spatial < 1 || spatial > 2) {
    return refuse(node, 'shape of its input', showShape(dims), '[1, C, H, W] or [1, C, W]')
  }
  const { kernel, stride, dilation } = fieldsOf(node, spatial, shape)
  const along = (axis: number) => {
    const size = dims[axis + 2]!
    return placeAlong(node, {
      size,
      axis,
      spatial,
      kernel: kernel[axis]!,
      stride: stride[axis]!,
      dilation: dilation[axis]!,
    })
  }
  const still = { ...once, count: 1, pad: 0, isPadded: false, isCut: false }
  const [down, across] = spatial === 2 ? [along(0), along(1)] : [still, along(0)]
  return {
    channels: dims[1]!,
    ...{ height: down.size, width: across.size },
    kernel: [down.kernel, across.kernel],
    stride: [down.stride, across.stride],
    dilation: [down.dilation, across.dilation],
    ...{ padTop: down.pad, padLeft: across.pad },
    ...{ outputHeight: down.count, outputWidth: across.count },
    isPadded: down.isPadded || across.isPadded,
    isCut: down.isCut || across.isCut,
  }
}

/** Fields of each direction, which must be within those of a program's window. */
function fieldsOf(node: OnnxNode, spatial: number, shape: readonly number[] | undefined) {
  const kernel = integersOf(node, 'kernel_shape') ?? shape ?? []
  if (shape !== undefined && shape.join() !== kernel.join()) {
    return reject(node, `has kernel_shape ${showShape(kernel)} and weights of ${showShape(shape)}`)
  }
  const stride = integersOf(node, 'strides') ?? kernel.map(() => 1)
  const dilation = integersOf(node, 'dilations') ?? kernel.map(() => 1)
  for (const [name, fields] of Object.entries({ kernel, stride, dilation })) {
    if (fields.length !== spatial) reject(node, `has a ${name} of ${showShape(fields)}`)
    const wrong = fields.find((field) => !(field >= 1 && field <= maxField))
    if (wrong !== undefined) refuse(node, `its ${name}`, wrong, `1 to ${maxField}`)
  }
  return { kernel, stride, dilation }
}

type Direction = {
  size: number
  axis: number
  spatial: number
  kernel: number
  stride: number
  dilation: number
}

function placeAlong(node: OnnxNode, direction: Direction) {
  const { size, stride, kernel, dilation } = direction
  const extent = (kernel - 1) * dilation + 1
  const { pad, after, count } = paddingOf(node, direction, extent)
  if (!(count >= 1)) return reject(node, 'has a window larger than its input')
  if (!(pad >= 0 && pad <= maxField && after >= 0)) {
    return refuse(node, 'its padding', `${pad} and ${after}`, `0 to ${maxField}`)
  }
  const end = (count - 1) * stride + extent - pad
  return { ...direction, pad, count, isPadded: pad > 0 || end > size, isCut: end > size + after }
}

function paddingOf(node: OnnxNode, { size, axis, spatial, stride }: Direction, extent: number) {
  const mode = textOf(node, 'auto_pad', 'NOTSET')
  if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
    const count = Math.ceil(size / stride)
    const total = Math.max((count - 1) * stride + extent - size, 0)
    const pad = mode === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2)
    return { pad, after: total - pad, count }
  }
  if (mode !== 'NOTSET' && mode !== 'VALID') {
    return refuse(node, 'auto_pad', mode, 'NOTSET, VALID, SAME_UPPER or SAME_LOWER')
  }
  const pads = mode === 'VALID' ? [] : (integersOf(node, 'pads') ?? [])
  const [pad, after] = [pads[axis] ?? 0, pads[axis + spatial] ?? 0]
  const room = size + pad + after - extent
  const round = integerOf(node, 'ceil_mode', 0) === 1 ? Math.ceil : Math.floor
  const count = round(room / stride) + 1
  // A window that would start behind the image and its padding is left out.
  return { pad, after, count: (count - 1) * stride >= size + pad ? count - 1 : count }
}
