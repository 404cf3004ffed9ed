export { type LoadProgramParameters, loadProgram } from '../node/loadProgram.ts'
export {
  type LoadSamplesParameters,
  loadSamples,
  type Sample,
  SamplesLengthError,
} from '../node/loadSamples.ts'
export { type SaveProgramParameters, saveProgram } from '../node/saveProgram.ts'
