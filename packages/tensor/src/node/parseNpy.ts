import { BaseError } from '@assay/protocol'

/** A file is not an array in NumPy's format, or of a kind that is not read here. */
export class NpyError extends BaseError {
  override name = 'NpyError'
  constructor(fault: string) {
    super(`The .npy file ${fault}.`)
  }
}

/** An array in NumPy's format. */
export type NpyFile = {
  /** Element type as NumPy writes it, such as `|i1` or `<f4`. */
  descr: string
  shape: readonly number[]
  /** Elements in row-major order. */
  data: Uint8Array
}

const magic = '\x93NUMPY'

/** Reads a `.npy` file of rows in C order; throws `NpyError`. */
export function parseNpy(bytes: Uint8Array): NpyFile {
  if (String.fromCharCode(...bytes.subarray(0, 6)) !== magic || bytes.length < 12) {
    throw new NpyError('does not start as one')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const isFirstVersion = view.getUint8(6) === 1
  const start = isFirstVersion ? 10 : 12
  const length = isFirstVersion ? view.getUint16(8, true) : view.getUint32(8, true)
  if (start + length > bytes.length) throw new NpyError('ends within its header')
  const header = new TextDecoder().decode(bytes.subarray(start, start + length))
  const descr = header.match(/'descr':\s*'([^']{1,8})'/)?.[1]
  const shape = header.match(/'shape':\s*\(([\d,\s]*)\)/)?.[1]
  if (descr === undefined || shape === undefined) throw new NpyError('has no plain type and shape')
  if (!/'fortran_order':\s*False/.test(header)) throw new NpyError('is not in C order')

  const dims = shape.split(',').flatMap((dim) => (dim.trim() === '' ? [] : [Number(dim)]))
  const data = bytes.subarray(start + length)
  const needed = dims.reduce((product, dim) => product * dim, Number(descr.slice(2)))
  if (data.length !== needed) throw new NpyError(`has ${data.length} bytes of ${needed}`)
  return { descr, shape: dims, data }
}
