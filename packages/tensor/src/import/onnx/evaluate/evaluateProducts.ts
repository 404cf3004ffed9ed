import { product, showShape } from '../../dims.ts'
import { floatOf, inputOf, integerOf, refuse, reject } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { floats, type Tensor } from '../Tensor.ts'
import { broadcastIndex } from './broadcast.ts'
import type { Inputs, Spend } from './Evaluate.ts'

/** Gemm: `alpha · A · B + beta · C`, each of A and B transposed where it says so. */
export function evaluateGemm(node: OnnxNode, inputs: Inputs, spend: Spend): Tensor {
  const [a, b] = [inputOf(node, inputs, 0), inputOf(node, inputs, 1)]
  const [transA, transB] = [integerOf(node, 'transA', 0) !== 0, integerOf(node, 'transB', 0) !== 0]
  if (a.dims.length !== 2 || b.dims.length !== 2) {
    return reject(node, `multiplies ${showShape(a.dims)} by ${showShape(b.dims)}`)
  }
  const [rows, inner] = transA ? [a.dims[1]!, a.dims[0]!] : [a.dims[0]!, a.dims[1]!]
  const [depth, columns] = transB ? [b.dims[1]!, b.dims[0]!] : [b.dims[0]!, b.dims[1]!]
  if (inner !== depth)
    return reject(node, `multiplies ${showShape(a.dims)} by ${showShape(b.dims)}`)
  spend(rows * inner * columns)
  const output = floats([rows, columns])
  const [alpha, beta] = [floatOf(node, 'alpha', 1), floatOf(node, 'beta', 1)]
  const bias = inputs[2]
  const biasAt = bias === undefined ? undefined : broadcastIndex(node, bias.dims, output.dims)
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1) {
      let sum = 0
      for (let k = 0; k < inner; k += 1) {
        const x = a.data[transA ? k * rows + r : r * inner + k]!
        sum += x * b.data[transB ? c * inner + k : k * columns + c]!
      }
      const i = r * columns + c
      output.data[i] = alpha * sum + (biasAt === undefined ? 0 : beta * bias!.data[biasAt[i]!]!)
    }
  }
  return output
}

/** MatMul with a matrix on the right. */
export function evaluateMatMul(node: OnnxNode, inputs: Inputs, spend: Spend): Tensor {
  const [a, b] = [inputOf(node, inputs, 0), inputOf(node, inputs, 1)]
  const [inner = 0, columns = 0] = b.dims
  if (b.dims.length !== 2) refuse(node, 'shape of its right side', showShape(b.dims), '[K, N]')
  if (a.dims.at(-1) !== inner) {
    reject(node, `multiplies ${showShape(a.dims)} by ${showShape(b.dims)}`)
  }
  const rows = product(a.dims) / inner
  spend(rows * inner * columns)
  const output = floats([...a.dims.slice(0, -1), columns])
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1) {
      let sum = 0
      for (let k = 0; k < inner; k += 1) sum += a.data[r * inner + k]! * b.data[k * columns + c]!
      output.data[r * columns + c] = sum
    }
  }
  return output
}
