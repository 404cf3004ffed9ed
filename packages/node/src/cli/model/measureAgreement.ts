import type { Program } from '@assay/tensor'
import { createEngine } from '@assay/tensor/fast'
import type { ModelManifest } from '@assay/tensor/node'
import { decodeElements, encodeElements } from '@assay/tensor/tflite'

import type { Reference } from './createReference.ts'

/** How a program's outputs compare with those of a reference. */
export type Agreement = {
  reference: string
  samples: number
  /** Samples whose outputs are equal in every element. */
  equal: number
  /** Samples with the same greatest element; undefined for outputs of one. */
  top1: number | undefined
  /** Greatest and mean absolute difference of an element, in units of the output. */
  max: number
  mean: number
}

export type MeasureAgreementParameters = {
  program: Program
  manifest: Pick<ModelManifest, 'input' | 'output'>
  samples: readonly Float32Array[]
  reference: Reference
}

/** Runs a program and a reference on the same inputs. */
export async function measureAgreement(parameters: MeasureAgreementParameters): Promise<Agreement> {
  const { program, manifest, samples, reference } = parameters
  const { input, output } = manifest
  const engine = createEngine(program, { unsupported: 'reference' })
  let [equal, top1, max, total, elements] = [0, 0, 0, 0, 0]
  for (const sample of samples) {
    const bytes = engine.answer(encodeElements(input, packElements(input.type, sample)))
    const own = readElements(output.type, decodeElements(output, bytes))
    const theirs = await reference.run(sample)
    const differences = own.map((element, i) => Math.abs(element - (theirs[i] ?? Number.NaN)))
    const greatest = differences.reduce((a, b) => Math.max(a, b), 0)
    equal += greatest === 0 ? 1 : 0
    top1 += indexOfGreatest(own) === indexOfGreatest(theirs) ? 1 : 0
    max = Math.max(max, greatest)
    total += differences.reduce((a, b) => a + b, 0)
    elements += own.length
  }
  const count = samples.length
  const isList = elements > count
  return {
    ...{ reference: reference.name, samples: count, equal, top1: isList ? top1 : undefined },
    ...{ max, mean: total / elements },
  }
}

/** Shows an agreement in lines for a person. */
export function showAgreement(agreement: Agreement): string[] {
  const { reference, samples, equal, top1, max, mean } = agreement
  const part = (count: number) =>
    `${count} of ${samples} (${((100 * count) / samples).toFixed(2)} %)`
  return [
    `  compared with ${reference}`,
    `    equal to the bit  ${part(equal)}`,
    ...(top1 === undefined ? [] : [`    same top-1        ${part(top1)}`]),
    `    error             max ${max.toPrecision(4)}, mean ${mean.toPrecision(4)}, in units of the output`,
  ]
}

type Type = ModelManifest['input']['type']

function packElements(type: Type, elements: Float32Array): Uint8Array {
  if (type === 'FLOAT32') return new Uint8Array(Float32Array.from(elements).buffer)
  return Uint8Array.from(elements, (element) => element & 0xff)
}

function readElements(type: Type, bytes: Uint8Array): Float32Array {
  if (type === 'INT8')
    return Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length))
  if (type === 'UINT8') return Float32Array.from(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true))
}

function indexOfGreatest(elements: Float32Array): number {
  return elements.reduce((best, element, i) => (element > elements[best]! ? i : best), 0)
}
