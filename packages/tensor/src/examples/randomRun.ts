import type { Program } from '../program/Program.ts'
import { executeTrace } from '../trace/executeTrace.ts'
import type { Trace } from '../trace/Trace.ts'
import { createRandom, type Random } from './createRandom.ts'
import { type RandomProgramSize, randomProgram } from './randomProgram.ts'

/** A random program, a random input, and what it computes to. */
export type RandomRun = {
  random: Random
  program: Program
  input: Uint8Array
  trace: Trace
}

/** Makes a random program and runs it on a random input. */
export function randomRun(seed: number, size?: RandomProgramSize): RandomRun {
  const random = createRandom(seed)
  const program = randomProgram(random, size)
  const { rows, rowBytes } = program.operators[0]!
  const input = random.bytes(rows * rowBytes)
  return { random, program, input, trace: executeTrace(program, input) }
}
