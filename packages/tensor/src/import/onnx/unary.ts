import { floatOf, refuse, textOf } from './node.ts'
import type { OnnxNode } from './OnnxModel.ts'

type Unary = (x: number) => number

const sigmoid: Unary = (x) => 1 / (1 + Math.exp(-x))

/** Functions of one number, by operator; parameters come from the node. */
const functions: Record<string, (node: OnnxNode) => Unary> = {
  Abs: () => Math.abs,
  Elu: (node) => {
    const alpha = floatOf(node, 'alpha', 1)
    return (x) => (x < 0 ? alpha * Math.expm1(x) : x)
  },
  Erf: () => erf,
  Exp: () => Math.exp,
  Gelu: geluOf,
  'com.microsoft.Gelu': () => gelu,
  HardSigmoid: (node) => {
    const [alpha, beta] = [floatOf(node, 'alpha', 0.2), floatOf(node, 'beta', 0.5)]
    return (x) => Math.min(Math.max(alpha * x + beta, 0), 1)
  },
  HardSwish: () => (x) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1),
  LeakyRelu: (node) => {
    const alpha = floatOf(node, 'alpha', 0.01)
    return (x) => (x < 0 ? alpha * x : x)
  },
  Neg: () => (x) => -x,
  Relu: () => (x) => Math.max(x, 0),
  Sigmoid: () => sigmoid,
  Softplus: () => (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  Sqrt: () => Math.sqrt,
  Tanh: () => Math.tanh,
}

/** Names of the operators that are functions of one number. */
export const unaryOperators = Object.keys(functions)

/** Returns the function that a node applies to each element; undefined if it is none of one number. */
export function unaryOf(node: OnnxNode): Unary | undefined {
  return Object.hasOwn(functions, node.operator) ? functions[node.operator]!(node) : undefined
}

function geluOf(node: OnnxNode): Unary {
  const approximate = textOf(node, 'approximate', 'none')
  if (approximate === 'none') return gelu
  if (approximate !== 'tanh') return refuse(node, 'approximate', approximate, 'none or tanh')
  const factor = Math.sqrt(2 / Math.PI)
  return (x) => 0.5 * x * (1 + Math.tanh(factor * (x + 0.044715 * x ** 3)))
}

function gelu(x: number) {
  return 0.5 * x * (1 + erf(x / Math.SQRT2))
}

/** The error function to about 1e-15: its series near zero, Lentz's continued fraction of the complement beyond. */
function erf(x: number): number {
  const magnitude = Math.abs(x)
  if (magnitude > 6) return Math.sign(x)
  return magnitude < 2.5 ? erfSeries(x) : Math.sign(x) * (1 - erfcFraction(magnitude))
}

function erfSeries(x: number) {
  let [term, sum] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 100; n += 1) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

function erfcFraction(x: number) {
  let fraction = 0
  for (let n = 60; n > 0; n -= 1) fraction = n / 2 / (x + fraction)
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction))
}
