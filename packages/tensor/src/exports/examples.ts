export { type CorruptedTrace, corruptElement } from '../examples/corruptElement.ts'
export { createRandom, type Random } from '../examples/createRandom.ts'
export { type RandomProgramSize, randomProgram } from '../examples/randomProgram.ts'
export { type RandomRun, randomRun } from '../examples/randomRun.ts'
