import { execute } from '../../../engine/execute.ts'
import { composeProgram } from '../../../program/composeProgram.ts'
import { decodeElements, encodeElements } from '../../elements.ts'
import { importTflite } from '../importTflite.ts'
import { buildModel, type ModelSpec } from './buildModel.ts'

/** Builds, imports and runs a model on int8 elements; returns its output's, and the kinds of its layers. */
export function runModel(
  spec: ModelSpec,
  input: readonly number[],
): { output: number[]; kinds: string[] } {
  const model = importTflite(buildModel(spec))
  const program = composeProgram(model.parameters)
  const bytes = execute(program, encodeElements(model.input, Uint8Array.from(input))).at(-1)!
  return {
    output: [...new Int8Array(decodeElements(model.output, bytes).buffer)],
    kinds: model.parameters.layers.map(({ kind }) => kind),
  }
}
