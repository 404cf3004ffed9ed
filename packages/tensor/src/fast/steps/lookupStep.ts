import type { LookupOperator } from '../../program/Operator.ts'
import type { Step, StepContext } from '../Step.ts'

/** LOOKUP, byte by byte. */
export function lookupStep(operator: LookupOperator, context: StepContext): Step {
  const { arena, places, tensor } = context
  const table = arena.store(operator.table)
  const source = places[operator.source]!.address
  const { address: out, rows, rowBytes } = places[tensor]!
  const { lookUp } = arena.kernels
  return () => lookUp(source, rows * rowBytes, table, out)
}
