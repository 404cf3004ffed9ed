export { ImportError, ManifestError } from '../import/errors.ts'
export type {
  Difference,
  ElementType,
  Fidelity,
  ImportedModel,
  ModelOperator,
  ModelTensor,
} from '../import/ImportedModel.ts'
export { type ModelManifest, type ModelSource, parseManifest } from '../import/manifest.ts'
export { type LoadedModel, type LoadModelParameters, loadModel } from '../node/loadModel.ts'
export { type LoadProgramParameters, loadProgram } from '../node/loadProgram.ts'
export {
  type LoadSamplesParameters,
  loadSamples,
  type Sample,
  SamplesLengthError,
} from '../node/loadSamples.ts'
export { NpyError, type NpyFile, parseNpy } from '../node/parseNpy.ts'
export { type SaveModelParameters, saveModel } from '../node/saveModel.ts'
export { type SaveProgramParameters, saveProgram } from '../node/saveProgram.ts'
export {
  type BatchOptions,
  type CreateEnginePoolOptions,
  createEnginePool,
  type EnginePool,
} from '../node/threads/createEnginePool.ts'
export {
  type CreateThreadedEngineOptions,
  createThreadedEngine,
  type ThreadedEngine,
} from '../node/threads/createThreadedEngine.ts'
export { EngineThreadError, HashThreadTimeoutError } from '../node/threads/errors.ts'
