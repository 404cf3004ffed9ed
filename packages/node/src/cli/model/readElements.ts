import { extname } from 'node:path'
import { type ElementType, type ModelTensor, parseNpy } from '@assay/tensor/node'

import { ModelFileInputError } from './errors.ts'
import { readBytes } from './readBytes.ts'

/** Inputs are at most this large: text takes several bytes for an element. */
const maxFileBytes = 2 ** 28

/** How NumPy writes each element type. */
const npyTypes: Record<ElementType, string> = { INT8: '|i1', UINT8: '|u1', FLOAT32: '<f4' }

const ranges: Record<ElementType, readonly [number, number]> = {
  INT8: [-128, 127],
  UINT8: [0, 255],
  FLOAT32: [-3.4028234663852886e38, 3.4028234663852886e38],
}

/** Reads the elements of an input from a file: raw, NumPy's, or JSON by its name. */
export async function readElements(file: string, tensor: ModelTensor): Promise<Uint8Array> {
  const bytes = await readBytes(file, maxFileBytes)
  const elements = elementsOf(file, bytes, tensor)
  const needed = countOf(tensor) * (tensor.type === 'FLOAT32' ? 4 : 1)
  if (elements.length !== needed) {
    const shape = `${tensor.type} [${tensor.shape.join(', ')}]`
    const fault = `has ${elements.length} bytes of elements, ${shape} needs ${needed}`
    throw new ModelFileInputError(file, fault)
  }
  return elements
}

function elementsOf(file: string, bytes: Uint8Array, tensor: ModelTensor): Uint8Array {
  switch (extname(file)) {
    case '.npy': {
      const { descr, data } = parseNpy(bytes)
      const needed = npyTypes[tensor.type]
      if (descr === needed) return data
      throw new ModelFileInputError(file, `has elements of type ${descr}, needed ${needed}`)
    }
    case '.json':
      return pack(file, numbersOf(file, bytes, countOf(tensor)), tensor.type)
    default:
      return bytes
  }
}

function numbersOf(file: string, bytes: Uint8Array, count: number): unknown[] {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    // Nested as the tensor is, or in one list.
    const numbers = Array.isArray(value) ? value.flat(8) : [value]
    if (numbers.length === count) return numbers
    throw new ModelFileInputError(file, `has ${numbers.length} elements, needed ${count}`)
  } catch (cause) {
    if (cause instanceof ModelFileInputError) throw cause
    throw new ModelFileInputError(file, 'is not JSON', cause)
  }
}

function pack(file: string, numbers: readonly unknown[], type: ElementType): Uint8Array {
  const [least, most] = ranges[type]
  const isFloat = type === 'FLOAT32'
  const view = new DataView(new ArrayBuffer(numbers.length * (isFloat ? 4 : 1)))
  for (const [i, number] of numbers.entries()) {
    const isValid = typeof number === 'number' && (isFloat || Number.isInteger(number))
    if (!isValid || number < least || number > most) {
      const needed = isFloat ? 'a number' : `an integer from ${least} to ${most}`
      throw new ModelFileInputError(
        file,
        `has element ${i}, ${JSON.stringify(number)}: needed ${needed}`,
      )
    }
    if (isFloat) view.setFloat32(4 * i, number, true)
    else view.setUint8(i, number & 0xff)
  }
  return new Uint8Array(view.buffer)
}

function countOf({ shape }: ModelTensor) {
  return shape.reduce((product, dim) => product * dim, 1)
}
