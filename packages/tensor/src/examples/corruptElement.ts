import type { Program } from '../program/Program.ts'
import { commitTrace } from '../trace/commitTrace.ts'
import type { Trace } from '../trace/Trace.ts'
import type { Random } from './createRandom.ts'

/** A trace with one wrong byte, and where it is. */
export type CorruptedTrace = {
  trace: Trace
  tensor: number
  row: number
  column: number
  committed: number
  computed: number
}

/** Commits to a trace anew, with one byte of tensors 1…n changed at random. */
export function corruptElement(random: Random, program: Program, honest: Trace): CorruptedTrace {
  const tensor = random.integer(1, program.operators.length - 1)
  const { rows, rowBytes } = program.operators[tensor]!
  const [row, column] = [random.integer(0, rows - 1), random.integer(0, rowBytes - 1)]
  const computed = honest.tensors[tensor]![row]![column]!
  const committed = (computed + random.integer(1, 255)) & 0xff
  const tensors = honest.tensors.map((tensorRows, i) =>
    i === tensor
      ? tensorRows.map((data, j) => (j === row ? data.with(column, committed) : data))
      : tensorRows,
  )
  return { trace: commitTrace(program, tensors), tensor, row, column, committed, computed }
}
