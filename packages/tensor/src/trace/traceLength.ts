import type { Program } from '../program/Program.ts'

/** Returns the bytes of a program's serialised trace. */
export function traceLength(program: Program): number {
  return program.operators.slice(1).reduce((sum, { rows, rowBytes }) => sum + rows * rowBytes, 0)
}
