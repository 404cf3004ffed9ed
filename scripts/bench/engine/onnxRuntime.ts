import type { Message } from './onnxFile.ts'

/** Runs one model on bytes, on one thread. */
export type OnnxRun = (input: Uint8Array) => Promise<void>

/** Loads ONNX Runtime; undefined, and a line that says why, where it is not installed or does not load. */
export async function loadOnnxRuntime(log: (message: string) => void) {
  try {
    const { InferenceSession, Tensor } = await import('onnxruntime-node')
    return async (model: Message, dims: number[]): Promise<OnnxRun> => {
      const session = await InferenceSession.create(model, {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        logSeverityLevel: 3,
      })
      return async (input) => void (await session.run({ x: new Tensor('uint8', input, dims) }))
    }
  } catch (error) {
    log(`SKIPPED: ONNX Runtime is left out, since onnxruntime-node does not load: ${error}`)
    return undefined
  }
}
