import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect } from 'vitest'

import { execute } from '../../../engine/execute.ts'
import { createEngine } from '../../../fast/createEngine.ts'
import { composeProgram } from '../../../program/composeProgram.ts'
import { decodeElements, encodeElements } from '../../elements.ts'
import type { ImportedModel } from '../../ImportedModel.ts'

type Elements = Float32Array | Int8Array | Uint8Array

const arrays = { FLOAT32: Float32Array, INT8: Int8Array, UINT8: Uint8Array }
const types = { FLOAT32: 'float32', INT8: 'int8', UINT8: 'uint8' } as const

/** Runs onnxruntime on each input; the output is that of the imported model. */
export async function runRuntime(
  bytes: Uint8Array,
  { input, output }: ImportedModel,
  inputs: readonly ArrayLike<number>[],
): Promise<number[][]> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 })
  const results: number[][] = []
  for (const elements of inputs) {
    const tensor = new Tensor(types[input.type], arrays[input.type].from(elements), input.shape)
    const { [output.name]: result } = await session.run({ [input.name]: tensor }, [output.name])
    results.push(Array.from(result!.data as Elements))
  }
  await session.release()
  return results
}

/** Runs the program of an imported model on each input, with both engines. */
export function runProgram(model: ImportedModel, inputs: readonly ArrayLike<number>[]): number[][] {
  const { input, output } = model
  const program = composeProgram(model.parameters)
  const engine = createEngine(program)
  return inputs.map((elements) => {
    const packed = new Uint8Array(arrays[input.type].from(elements).buffer)
    const encoded = encodeElements(input, packed)
    const bytes = execute(program, encoded).at(-1)!
    expect(engine.answer(encoded)).toEqual(bytes)
    const { buffer } = decodeElements(output, bytes)
    return Array.from(new arrays[output.type](buffer as ArrayBuffer))
  })
}
