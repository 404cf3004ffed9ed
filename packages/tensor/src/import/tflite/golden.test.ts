import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { execute } from '../../engine/execute.ts'
import { createEngine } from '../../fast/createEngine.ts'
import { composeProgram } from '../../program/composeProgram.ts'
import type { Layer } from '../../program/Layer.ts'
import type { ImportedModel } from '../ImportedModel.ts'
import { importTflite } from './importTflite.ts'

const shared = process.env.ASSAY_SHARED ?? join(import.meta.dirname, '../../../../../../shared')
const data = join(shared, 'data')

type Derived = {
  padTop?: number
  padLeft?: number
  inZp?: number
  outZp?: number
  actMin?: number
  actMax?: number
  multiplier?: number | number[]
  shift?: number | number[]
} & Record<string, unknown>

type Run = {
  index: number
  input: string
  outputs: { data: string }[]
  intermediates: { opIndex: number; sha256: string }[]
}

type Golden = {
  sha256OfModel: string
  inputTensor: { shape: number[] }
  operators: { index: number; op: string; derived: Derived }[]
  inputs: Run[]
  extraInputs: { items: { index: number; outputSha256: string; traceSha256: string }[] }
}

function sha256(...parts: Uint8Array[]) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

function flipSigns(bytes: Uint8Array) {
  return Uint8Array.from(bytes, (byte) => byte ^ 0x80)
}

/** The generator of the published inputs, from index 3 on. */
function randomInput(index: number, length: number) {
  let x = 1000 + index
  return Uint8Array.from({ length }, () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return x >>> 24
  })
}

type EngineKind = 'reference' | 'fast'

/** Output bytes of every operator of the model, as int8. */
function runModel(model: ImportedModel, kind: EngineKind) {
  const program = composeProgram(model.parameters)
  const run =
    kind === 'fast' ? createEngine(program).execute : (input: Uint8Array) => execute(program, input)
  return (input: Uint8Array) => {
    const tensors = run(flipSigns(input))
    return model.operators.map(({ tensor }) => flipSigns(tensors[tensor]!))
  }
}

/** What the published kernels derive, read off a layer. */
function derivedOf(layer: Layer): Derived {
  switch (layer.kind) {
    case 'conv':
    case 'dense':
      return {
        multiplier: layer.rows.map(({ multiplier }) => multiplier),
        shift: layer.rows.map(({ shift }) => shift),
        ...{ outZp: layer.outputZero - 128, ...clamps(layer) },
        ...(layer.kind === 'conv' && {
          ...{ padTop: layer.padTop, padLeft: layer.padLeft, inZp: layer.inputZero - 128 },
        }),
      }
    case 'pool':
      return { padTop: layer.padTop, padLeft: layer.padLeft, ...clamps(layer) }
    case 'add':
      return {
        ...{ leftShift: layer.leftShift, in1Offset: 128 - layer.zero1 },
        ...{ in2Offset: 128 - layer.zero2, outOffset: layer.outputZero - 128, ...clamps(layer) },
        ...{ in1Mult: layer.multiplier1, in1Shift: layer.shift1, in2Mult: layer.multiplier2 },
        ...{ in2Shift: layer.shift2, outMult: layer.multiplier, outShift: layer.shift },
      }
    case 'softmax': {
      const { multiplier, leftShift, diffMin } = layer
      return { inputMultiplier: multiplier, inputLeftShift: leftShift, diffMin }
    }
    default:
      return {}
  }
}

function clamps({ clampMin, clampMax }: { clampMin: number; clampMax: number }) {
  return { actMin: clampMin - 128, actMax: clampMax - 128 }
}

/** One pair stands for all outputs of an operator with one scale. */
function spread(derived: Derived, outputs: number): Derived {
  const repeat = (value: number | number[]) => {
    const values = [value].flat()
    return Array.from({ length: outputs }, (_, i) => values[i % values.length]!)
  }
  const { multiplier, shift } = derived
  if (multiplier === undefined || shift === undefined) return derived
  return { ...derived, multiplier: repeat(multiplier), shift: repeat(shift) }
}

describe.each([
  { name: 'resnet8', file: 'resnet8-cifar10-int8.tflite', differing: 4 },
  { name: 'kws-dscnn', file: 'dscnn-kws-int8.tflite', differing: 3 },
])('$name', ({ name, file, differing }) => {
  const modelFile = join(data, 'models', file)
  const isAbsent = !existsSync(modelFile)
  if (isAbsent) console.warn(`SKIPPED: the published model is not at ${modelFile}`)

  function load(kind: EngineKind = 'fast') {
    const bytes = readFileSync(modelFile)
    const golden: Golden = JSON.parse(readFileSync(join(data, `golden/${name}.json`), 'utf8'))
    expect(sha256(bytes)).toBe(golden.sha256OfModel)
    const model = importTflite(bytes)
    return { golden, model, run: runModel(model, kind) }
  }

  test.skipIf(isAbsent)(
    'behavior: every operator has the parameters of the published kernels',
    () => {
      const { golden, model } = load()
      expect(model.operators.map(({ operator }) => operator)).toEqual(
        golden.operators.map(({ op }) => op),
      )
      for (const { index, op, derived } of golden.operators) {
        if (op === 'RESHAPE') continue
        const layer = model.parameters.layers[model.operators[index]!.tensor - 1]!
        const outputs = layer.kind === 'conv' || layer.kind === 'dense' ? layer.rows.length : 0
        const found = derivedOf(layer)
        expect(Object.keys(found).length).toBeGreaterThan(2)
        expect(spread(derived, outputs), `${index} ${op}`).toMatchObject(found)
      }
    },
  )

  test.skipIf(isAbsent).each(['reference', 'fast'] as const)(
    'behavior: every tensor of the %s engine equals that of the published kernels',
    (kind) => {
      const { golden, run } = load(kind)
      expect(golden.inputs.length).toBe(8)
      for (const { index, input, outputs, intermediates } of golden.inputs) {
        const tensors = run(Buffer.from(input, 'base64'))
        expect(tensors.map((tensor) => sha256(tensor))).toEqual(
          intermediates.map(({ sha256 }) => sha256),
        )
        expect(Buffer.from(tensors.at(-1)!).toString('base64'), `${index}`).toBe(outputs[0]!.data)
      }
    },
  )

  test.skipIf(isAbsent)('behavior: whole traces equal those of the published kernels', () => {
    const { golden, run } = load()
    const length = golden.inputTensor.shape.reduce((product, dim) => product * dim, 1)
    expect(golden.extraInputs.items.length).toBe(64)
    for (const { index, outputSha256, traceSha256 } of golden.extraInputs.items) {
      const tensors = run(randomInput(index, length))
      expect(sha256(...tensors), `trace of ${index}`).toBe(traceSha256)
      expect(sha256(tensors.at(-1)!), `output of ${index}`).toBe(outputSha256)
    }
  })

  test.skipIf(isAbsent)('behavior: kernels that round once are told apart', () => {
    const { golden, run } = load()
    const text = readFileSync(join(data, `golden/single-rounding/${name}.json`), 'utf8')
    const single: Pick<Golden, 'inputs'> = JSON.parse(text)
    const outputs = golden.inputs.map(({ input }) => run(Buffer.from(input, 'base64')).at(-1)!)
    const found = outputs.filter(
      (output, i) => Buffer.from(output).toString('base64') !== single.inputs[i]!.outputs[0]!.data,
    )
    expect(found.length).toBe(differing)
  })
})
