import type { ModelTensor } from '@assay/tensor/node'
import type { OnnxFile } from '@assay/tensor/onnx'

import { ModelFileInputError } from './errors.ts'

/** What a program's outputs are compared with. */
export type Reference = {
  /** Name for people. */
  name: string
  /** Returns the elements of the output. */
  run(input: Float32Array): Promise<Float32Array>
}

/** Loads the optional package `onnxruntime-node`. */
export type LoadRuntime = () => Promise<typeof import('onnxruntime-node')>

export type CreateReferenceParameters = {
  bytes: Uint8Array
  file: OnnxFile
  /** Output to compare. */
  output: Pick<ModelTensor, 'name'>
  loadRuntime?: LoadRuntime
}

/** Elements of each type as onnxruntime takes them. */
const arrays = { FLOAT32: Float32Array, INT8: Int8Array, UINT8: Uint8Array }
const types = { FLOAT32: 'float32', INT8: 'int8', UINT8: 'uint8' } as const

/** Returns onnxruntime, or where it is not installed or does not take the model, the importer's own evaluator. */
export async function createReference(parameters: CreateReferenceParameters): Promise<Reference> {
  const { bytes, file, output, loadRuntime = () => import('onnxruntime-node') } = parameters
  try {
    const runtime = await loadRuntime()
    const { InferenceSession, Tensor, env } = runtime
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 })
    if (!session.outputNames.includes(output.name)) {
      throw new ModelFileInputError('the model', `returns no ${output.name} of its own`)
    }
    const { name, shape, type } = file.input
    const version = env.versions.node ?? ''
    return {
      name: `onnxruntime-node ${version}`.trim(),
      async run(input) {
        const elements = arrays[type].from(input)
        const feeds = { [name]: new Tensor(types[type], elements, shape) }
        const results = await session.run(feeds, [output.name])
        return Float32Array.from(results[output.name]!.data as ArrayLike<number>)
      },
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    return {
      name: `the importer's float evaluator, since onnxruntime-node is of no use here (${reason})`,
      run: async (input) => file.evaluate(input),
    }
  }
}
