import { commitTrace, type Program, type Trace } from '@assay/tensor'
import { type Hash, type Hex, hexToBytes } from 'viem'

/**
 * Returns the trace that an answer commits to where nobody has to show it: the model's own, or the model's own but for
 * the output. Undefined where something inside was made up, too.
 */
export function guessTrace(
  program: Program,
  honest: Trace,
  answer: { output: Hex; evidenceHash: Hash },
): Trace | undefined {
  const output = hexToBytes(answer.output)
  const { rows, rowBytes } = program.operators.at(-1)!
  const guesses = [() => honest]
  if (output.length === rows * rowBytes) guesses.push(() => withOutput(program, honest, output))
  for (const guess of guesses) {
    const trace = guess()
    if (trace.evidenceHash === answer.evidenceHash) return trace
  }
  return undefined
}

/** Commits anew to a trace whose last tensor has other bytes, row by row as the program has them. */
export function withOutput(program: Program, trace: Trace, output: Uint8Array): Trace {
  const { rows, rowBytes } = program.operators.at(-1)!
  const tensor = Array.from({ length: rows }, (_, row) =>
    output.subarray(row * rowBytes, (row + 1) * rowBytes),
  )
  return commitTrace(program, [...trace.tensors.slice(0, -1), tensor])
}
