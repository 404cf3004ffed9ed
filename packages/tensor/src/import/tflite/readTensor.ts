import { ModelFileError, ModelLimitError, UnsupportedModelError } from '../errors.ts'
import type {
  Model,
  QuantizationParameters,
  SubGraph,
  Tensor,
} from './generated/tflite_generated.ts'
import { nameOfType } from './names.ts'
import type { Quantisation, TfliteTensor } from './TfliteModel.ts'

/** Dimensions of a tensor at most. */
const maxRank = 8

/** Elements of a tensor at most. */
const maxElements = 2 ** 26

/** Bytes of an element, of the types whose constants the importer reads. */
const elementBytes: Record<string, number> = { INT8: 1, UINT8: 1, INT32: 4, FLOAT32: 4, INT64: 8 }

export type ReadTensorParameters = {
  model: Model
  graph: SubGraph
  index: number
  /** Scales that may still be read: tensors may share them, so there could be more than the file has bytes. */
  budget: { scales: number }
}

/** Reads a tensor of a graph; throws `ImportError` unless its parts agree with each other. */
export function readTensor(parameters: ReadTensorParameters): TfliteTensor {
  const { model, graph, index, budget } = parameters
  const tensor = graph.tensors(index)!
  const subject = `tensor ${index}`
  if (tensor.isVariable()) throw new UnsupportedModelError(subject, 'a variable', 'no state')
  if (tensor.sparsity() !== null) {
    throw new UnsupportedModelError(subject, 'sparse weights', 'dense weights')
  }
  const dims = readDims(tensor, subject)
  const elements = dims.reduce((product, dim) => product * dim, 1)
  const type = nameOfType(tensor.type())
  const data = readData(model, tensor, subject)
  const needed = elements * (elementBytes[type] ?? Number.NaN)
  if (data !== undefined && !Number.isNaN(needed) && data.length !== needed) {
    throw new ModelFileError(subject, `has ${data.length} bytes of data, its shape needs ${needed}`)
  }
  const quantization = tensor.quantization()
  return {
    ...{ index, type, dims, elements, data },
    name: tensor.name() ?? '',
    quantisation:
      quantization === null ? undefined : readQuantisation(quantization, subject, budget),
  }
}

function readDims(tensor: Tensor, subject: string) {
  if (tensor.shapeLength() > maxRank) {
    throw new ModelLimitError(`dimensions in ${subject}`, tensor.shapeLength(), maxRank)
  }
  const dims = Array.from({ length: tensor.shapeLength() }, (_, i) => tensor.shape(i)!)
  let elements = 1
  for (const dim of dims) {
    if (dim < 1) throw new ModelFileError(subject, `has a dimension of ${dim}`)
    elements *= dim
    if (elements > maxElements) {
      throw new ModelLimitError(`elements in ${subject}`, elements, maxElements)
    }
  }
  return dims
}

/** Buffer 0, and an empty one, say that there is no data. */
function readData(model: Model, tensor: Tensor, subject: string) {
  const index = tensor.buffer()
  if (index === 0) return undefined
  if (index >= model.buffersLength()) {
    throw new ModelFileError(subject, `names buffer ${index} of ${model.buffersLength()}`)
  }
  const buffer = model.buffers(index)!
  if (buffer.offset() > 1n || buffer.size() > 0n) {
    throw new UnsupportedModelError(`buffer ${index}`, 'data behind the model', 'data inside it')
  }
  const data = buffer.dataArray()
  return data === null || data.length === 0 ? undefined : data
}

function readQuantisation(
  quantization: QuantizationParameters,
  subject: string,
  budget: { scales: number },
): Quantisation | undefined {
  if (quantization.detailsType() !== 0) {
    throw new UnsupportedModelError(subject, 'custom quantisation', 'scales and zero points')
  }
  const length = quantization.scaleLength()
  // TFLite takes either list alone for none.
  if (length === 0 || quantization.zeroPointLength() === 0) return undefined
  if (length > budget.scales) {
    throw new ModelLimitError(`scales in ${subject}`, length, budget.scales)
  }
  budget.scales -= length
  if (quantization.zeroPointLength() !== length) {
    throw new ModelFileError(
      subject,
      `has ${length} scales and ${quantization.zeroPointLength()} zero points`,
    )
  }
  return {
    scales: Array.from({ length }, (_, i) => quantization.scale(i)!),
    zeroPoints: Array.from({ length }, (_, i) => Number(quantization.zeroPoint(i)!)),
    axis: quantization.quantizedDimension(),
  }
}
