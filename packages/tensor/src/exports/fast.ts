export { type CreateEngineOptions, createEngine } from '../fast/createEngine.ts'
export type { Engine } from '../fast/Engine.ts'
export {
  EngineMemoryError,
  FastEngineError,
  PlatformUnsupportedError,
  SelfCheckError,
} from '../fast/errors.ts'
