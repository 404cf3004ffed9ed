import { type Hash, isHash } from 'viem'

import { ManifestError } from './errors.ts'
import type {
  Difference,
  ElementType,
  Fidelity,
  ImportedModel,
  ModelOperator,
  ModelTensor,
  Ranks,
  Transform,
} from './ImportedModel.ts'
import type { Ties } from './rounding.ts'

/** What `manifest.json` says of the layout it has. */
const manifestFormat = 'assay-model-1'

/** The file that a model was made of. */
export type ModelSource = {
  /** Name without folders. */
  file: string
  /** Of its bytes, in hex. */
  sha256: string
}

/** Content of a `manifest.json`: what a program does not say of the model it computes. */
export type ModelManifest = Pick<ImportedModel, 'input' | 'output' | 'operators' | 'fidelity'> & {
  /** Format that was read, and the version of the importer. */
  importer: string
  source: ModelSource
  /** Root of the program beside the manifest. */
  root: Hash
}

/** Writes a manifest as text. */
export function formatManifest(manifest: ModelManifest): string {
  const { importer, source, root, input, output, operators, fidelity } = manifest
  const head = { format: manifestFormat, importer, source, root, fidelity }
  const file = { ...head, input, output, operators }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** Reads the text of a `manifest.json`. */
export function parseManifest(text: string): ModelManifest {
  const file = objectOf(parseJson(text), 'content')
  if (file.format !== manifestFormat) throw new ManifestError('format', manifestFormat)
  const source = objectOf(file.source, 'source')
  const root = stringOf(file.root, 'root')
  if (!isHash(root)) throw new ManifestError('root', '32 bytes in hex')
  if (!Array.isArray(file.operators)) throw new ManifestError('operators', 'a list')
  return {
    importer: stringOf(file.importer, 'importer'),
    source: {
      file: stringOf(source.file, 'source.file'),
      sha256: stringOf(source.sha256, 'source.sha256'),
    },
    root,
    fidelity: fidelityOf(file.fidelity ?? { kind: 'exact' }),
    input: tensorOf(file.input, 'input'),
    output: tensorOf(file.output, 'output'),
    operators: file.operators.map((operator, i) => operatorOf(operator, `operators[${i}]`)),
  }
}

function tensorOf(value: unknown, field: string): ModelTensor {
  const tensor = objectOf(value, field)
  return {
    name: stringOf(tensor.name, `${field}.name`),
    shape: shapeOf(tensor.shape, `${field}.shape`),
    type: typeOf(tensor.type, `${field}.type`),
    scale: numberOf(tensor.scale, `${field}.scale`, isPositive),
    zeroPoint: numberOf(
      tensor.zeroPoint,
      `${field}.zeroPoint`,
      (point) => Number.isInteger(point) && point >= -128 && point <= 127,
    ),
    ...(tensor.ranks === undefined ? {} : { ranks: ranksOf(tensor.ranks, `${field}.ranks`) }),
    ...(tensor.sums === undefined ? {} : { sums: sumsOf(tensor.sums, `${field}.sums`) }),
    ...(tensor.ties === undefined ? {} : { ties: tiesOf(tensor.ties, `${field}.ties`) }),
  }
}

function fidelityOf(value: unknown): Fidelity {
  const fidelity = objectOf(value, 'fidelity')
  switch (fidelity.kind) {
    case 'exact':
      return { kind: 'exact' }
    case 'calibrated':
      return {
        kind: 'calibrated',
        samples: numberOf(fidelity.samples, 'fidelity.samples', isCount),
      }
    case 'fixed':
      return {
        kind: 'fixed',
        unit: numberOf(fidelity.unit, 'fidelity.unit', isPositive),
        error: numberOf(fidelity.error, 'fidelity.error', (error) => error >= 0),
      }
    case 'rounded':
      return { kind: 'rounded', differences: differencesOf(fidelity.differences) }
    default:
      throw new ManifestError('fidelity.kind', 'exact, rounded, fixed or calibrated')
  }
}

function differencesOf(value: unknown): Difference[] {
  if (!Array.isArray(value)) throw new ManifestError('fidelity.differences', 'a list')
  return value.map((each, i) => {
    const field = `fidelity.differences[${i}]`
    const difference = objectOf(each, field)
    return {
      index: numberOf(difference.index, `${field}.index`, isCount),
      operator: stringOf(difference.operator, `${field}.operator`),
      found: stringOf(difference.found, `${field}.found`),
    }
  })
}

function operatorOf(value: unknown, field: string): ModelOperator {
  const operator = objectOf(value, field)
  return {
    index: numberOf(operator.index, `${field}.index`, isCount),
    operator: stringOf(operator.operator, `${field}.operator`),
    shape: shapeOf(operator.shape, `${field}.shape`),
    type: operator.type === 'INT32' ? 'INT32' : typeOf(operator.type, `${field}.type`),
    tensor: numberOf(operator.tensor, `${field}.tensor`, isCount),
  }
}

function shapeOf(value: unknown, field: string): number[] {
  if (!Array.isArray(value)) throw new ManifestError(field, 'a list of dimensions')
  return value.map((dim) => numberOf(dim, field, isCount))
}

function typeOf(value: unknown, field: string): ElementType {
  if (value === 'INT8' || value === 'UINT8' || value === 'FLOAT32') return value
  throw new ManifestError(field, 'INT8, UINT8 or FLOAT32')
}

function ranksOf(value: unknown, field: string): Ranks {
  const ranks = objectOf(value, field)
  if (ranks.bytes !== 1 && ranks.bytes !== 2) throw new ManifestError(`${field}.bytes`, '1 or 2')
  if (!Array.isArray(ranks.thresholds)) throw new ManifestError(`${field}.thresholds`, 'a list')
  const most = ranks.bytes === 1 ? 0xff : 0xffff
  const thresholds = ranks.thresholds.map((each: unknown, i) => {
    if (Array.isArray(each) && each.length <= most && isAscending(each)) return each
    throw new ManifestError(`${field}.thresholds[${i}]`, `up to ${most} ascending numbers`)
  })
  return { bytes: ranks.bytes, thresholds }
}

function isAscending(list: readonly unknown[]): list is number[] {
  let last = Number.NEGATIVE_INFINITY
  return list.every((each) => {
    const grows = typeof each === 'number' && each > last
    if (grows) last = each
    return grows
  })
}

function sumsOf(value: unknown, field: string): { transform: Transform } {
  const { transform } = objectOf(value, field)
  if (transform === 'NONE' || transform === 'LOGISTIC' || transform === 'SOFTMAX') {
    return { transform }
  }
  throw new ManifestError(`${field}.transform`, 'NONE, LOGISTIC or SOFTMAX')
}

function isPositive(value: number) {
  return value > 0
}

function tiesOf(value: unknown, field: string): Ties {
  if (value === 'away' || value === 'even') return value
  throw new ManifestError(field, 'away or even')
}

function isCount(value: number) {
  return Number.isSafeInteger(value) && value >= 0
}

function numberOf(value: unknown, field: string, isValid: (value: number) => boolean): number {
  if (typeof value === 'number' && isValid(value)) return value
  throw new ManifestError(field, 'a number in its range')
}

function stringOf(value: unknown, field: string): string {
  if (typeof value === 'string') return value
  throw new ManifestError(field, 'a string')
}

function objectOf(value: unknown, field: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return { ...value }
  throw new ManifestError(field, 'an object')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ManifestError('content', 'JSON', cause)
  }
}
