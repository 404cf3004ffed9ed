import { extname } from 'node:path'
import { type ModelTensor, parseNpy } from '@assay/tensor/node'

import { ModelFileInputError } from './errors.ts'
import { readBytes } from './readBytes.ts'

/** Files of samples are at most this large. */
const maxFileBytes = 2 ** 29

/** How each of NumPy's element types that samples may have is read. */
const readers: Record<string, (view: DataView, i: number) => number> = {
  '<f4': (view, i) => view.getFloat32(4 * i, true),
  '<f8': (view, i) => view.getFloat64(8 * i, true),
  '|i1': (view, i) => view.getInt8(i),
  '|u1': (view, i) => view.getUint8(i),
}

/** Reads inputs of a model, one after the other: NumPy's, or a list of lists in JSON. */
export async function readSamples(
  file: string,
  input: Pick<ModelTensor, 'shape' | 'type'>,
): Promise<Float32Array[]> {
  const bytes = await readBytes(file, maxFileBytes)
  const elements = extname(file) === '.npy' ? npyElements(file, bytes) : jsonElements(file, bytes)
  const size = input.shape.reduce((product, dim) => product * dim, 1)
  const wrong = elements.findIndex((element) => !isElement(element, input.type))
  if (wrong !== -1) {
    const fault = `has element ${wrong}, ${elements[wrong]}: needed ${input.type}`
    throw new ModelFileInputError(file, fault)
  }
  if (elements.length === 0 || elements.length % size !== 0) {
    const fault = `has ${elements.length} elements, which are no samples of ${size}`
    throw new ModelFileInputError(file, `${fault} ([${input.shape.join(', ')}])`)
  }
  return Array.from({ length: elements.length / size }, (_, i) =>
    elements.slice(i * size, (i + 1) * size),
  )
}

function isElement(element: number, type: ModelTensor['type']) {
  if (type === 'FLOAT32') return Number.isFinite(element)
  const [least, most] = type === 'INT8' ? [-128, 127] : [0, 255]
  return Number.isInteger(element) && element >= least && element <= most
}

function npyElements(file: string, bytes: Uint8Array): Float32Array {
  const { descr, shape, data } = parseNpy(bytes)
  const read = Object.hasOwn(readers, descr) ? readers[descr] : undefined
  if (read === undefined) {
    const fault = `has elements of type ${descr}, needed ${Object.keys(readers).join(', ')}`
    throw new ModelFileInputError(file, fault)
  }
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const length = shape.reduce((product, dim) => product * dim, 1)
  return Float32Array.from({ length }, (_, i) => read(view, i))
}

function jsonElements(file: string, bytes: Uint8Array): Float32Array {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new ModelFileInputError(file, 'is neither .npy nor JSON', cause)
  }
  const numbers: unknown[] = Array.isArray(value) ? value.flat(9) : []
  const wrong = numbers.findIndex((number) => typeof number !== 'number')
  if (wrong === -1) return Float32Array.from(numbers as number[])
  const found = JSON.stringify(numbers[wrong])?.slice(0, 40)
  throw new ModelFileInputError(file, `has element ${wrong}, ${found}: needed a number`)
}
