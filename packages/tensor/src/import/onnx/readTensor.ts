import { product } from '../dims.ts'
import { ModelFileError, UnsupportedModelError } from '../errors.ts'
import type { TensorProto } from './generated/onnx_pb.ts'
import { limits, needWithin } from './limits.ts'
import { nameOfType } from './names.ts'
import type { Elements, Tensor } from './Tensor.ts'

const externalLocation = 1

type Reader = {
  bytes: number
  make(length: number): Elements
  get(view: DataView, offset: number): number
  listed(tensor: TensorProto): ArrayLike<number | bigint>
}

const int32s = (tensor: TensorProto) => tensor.int32Data

/** How each element type is stored, as raw bytes (little-endian) and as a list. */
const readers: Record<string, Reader> = {
  FLOAT: {
    bytes: 4,
    make: (length) => new Float32Array(length),
    get: (view, at) => view.getFloat32(at, true),
    listed: (tensor) => tensor.floatData,
  },
  DOUBLE: {
    bytes: 8,
    make: (length) => new Float64Array(length),
    get: (view, at) => view.getFloat64(at, true),
    listed: (tensor) => tensor.doubleData,
  },
  INT64: {
    bytes: 8,
    make: (length) => new Float64Array(length),
    get: (view, at) => Number(view.getBigInt64(at, true)),
    listed: (tensor) => tensor.int64Data,
  },
  INT32: {
    bytes: 4,
    make: (length) => new Int32Array(length),
    get: (view, at) => view.getInt32(at, true),
    listed: int32s,
  },
  UINT16: {
    bytes: 2,
    make: (length) => new Uint16Array(length),
    get: (view, at) => view.getUint16(at, true),
    listed: int32s,
  },
  INT16: {
    bytes: 2,
    make: (length) => new Int16Array(length),
    get: (view, at) => view.getInt16(at, true),
    listed: int32s,
  },
  INT8: {
    bytes: 1,
    make: (length) => new Int8Array(length),
    get: (view, at) => view.getInt8(at),
    listed: int32s,
  },
  UINT8: {
    bytes: 1,
    make: (length) => new Uint8Array(length),
    get: (view, at) => view.getUint8(at),
    listed: int32s,
  },
  BOOL: {
    bytes: 1,
    make: (length) => new Uint8Array(length),
    get: (view, at) => view.getUint8(at),
    listed: int32s,
  },
}

/** Reads a constant; refuses data outside the file, and element types that no program needs. */
export function readTensor(tensor: TensorProto, subject: string): Tensor {
  if (tensor.dataLocation === externalLocation || tensor.externalData.length > 0) {
    throw new UnsupportedModelError(`${subject}'s data`, 'in another file', 'in the model file')
  }
  const type = nameOfType(tensor.dataType)
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined
  if (reader === undefined) {
    throw new UnsupportedModelError(`${subject}'s type`, type, Object.keys(readers).join(', '))
  }
  const dims = dimsOf(tensor.dims, subject)
  const data = tensor.rawData.length > 0 ? readRaw(tensor, reader) : readList(tensor, reader)
  if (data.length !== product(dims)) {
    throw new ModelFileError(subject, `has ${data.length} elements for shape [${dims.join(', ')}]`)
  }
  return { type, dims, data }
}

/** Checks dimensions of a tensor. */
export function dimsOf(dims: readonly bigint[], subject: string): number[] {
  needWithin(`dimensions in ${subject}`, dims.length, limits.rank)
  const numbers = dims.map(Number)
  if (numbers.some((dim) => !(dim >= 0))) {
    throw new ModelFileError(subject, `has the shape [${numbers.join(', ')}]`)
  }
  needWithin(`elements in ${subject}`, product(numbers), limits.elements)
  return numbers
}

function readRaw({ rawData }: TensorProto, { bytes, make, get }: Reader) {
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.length)
  const data = make(Math.floor(rawData.length / bytes))
  for (let i = 0; i < data.length; i += 1) data[i] = get(view, i * bytes)
  return data
}

function readList(tensor: TensorProto, { make, listed }: Reader) {
  const list = listed(tensor)
  const data = make(list.length)
  for (let i = 0; i < data.length; i += 1) data[i] = Number(list[i])
  return data
}
