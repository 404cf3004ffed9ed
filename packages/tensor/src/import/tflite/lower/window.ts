import { showShape } from '../../dims.ts'
import { type Node, refuse, reject } from '../node.ts'
import type { TfliteTensor } from '../TfliteModel.ts'

const same = 0
const valid = 1

/** Greatest value of the fields of a window. */
const maxField = 0xffff

/** Lines, places in a line, and bytes of a place. */
export type Image = {
  height: number
  width: number
  channels: number
}

/** One number for each direction of an image. */
type Pair = { height: number; width: number }

export type WindowOptions = {
  /** Number in the format: 0 is SAME, 1 is VALID. */
  padding: number
  kernel: Pair
  stride: Pair
  dilation: Pair
}

/** Where a window starts, and how often it fits. */
export type PlacedWindow = {
  padTop: number
  padLeft: number
  height: number
  outputWidth: number
}

/** Returns the shape of an image in NHWC; refuses batches. */
export function imageOf(node: Node, tensor: TfliteTensor): Image {
  const [batch, height, width, channels] = tensor.dims
  if (tensor.dims.length !== 4 || batch !== 1) {
    return refuse(node, `shape of tensor ${tensor.index}`, showShape(tensor.dims), '[1, H, W, C]')
  }
  return { height: height!, width: width!, channels: channels! }
}

/** Places a window on an image as TFLite's `ComputePaddingHeightWidth` does. */
export function placeWindow(node: Node, image: Image, options: WindowOptions): PlacedWindow {
  const { padding, kernel, stride, dilation } = options
  if (padding !== same && padding !== valid) refuse(node, 'padding', padding, 'SAME or VALID')
  for (const [name, { height, width }] of Object.entries({ kernel, stride, dilation })) {
    for (const field of [height, width]) {
      if (field < 1 || field > maxField) refuse(node, `its ${name}`, field, `1 to ${maxField}`)
    }
  }
  const place = (side: keyof Pair) =>
    placeAlong(image[side], padding, kernel[side], stride[side], dilation[side])
  const [down, across] = [place('height'), place('width')]
  const pad = Math.max(down.pad, across.pad)
  if (pad > maxField) refuse(node, 'its padding', pad, `up to ${maxField}`)
  if (down.count < 1 || across.count < 1) reject(node, 'has a window larger than its input')
  return { padTop: down.pad, padLeft: across.pad, height: down.count, outputWidth: across.count }
}

function placeAlong(
  size: number,
  padding: number,
  kernel: number,
  stride: number,
  dilation: number,
) {
  const extent = (kernel - 1) * dilation + 1
  const count =
    padding === same ? Math.ceil(size / stride) : Math.ceil((size - extent + 1) / stride)
  const total = Math.max((count - 1) * stride + extent - size, 0)
  return { count, pad: Math.floor(total / 2) }
}
