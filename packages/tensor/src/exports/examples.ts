export { createRandom, type Random } from '../examples/createRandom.ts'
export { type RandomProgramSize, randomProgram } from '../examples/randomProgram.ts'
