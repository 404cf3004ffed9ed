import type { AddOperator, MulOperator } from '../../program/Operator.ts'
import { shiftFactors } from '../packNeurons.ts'
import type { Step, StepContext } from '../Step.ts'

/** ADD and MUL, the other tensor repeated to the source's shape first where it is smaller. */
export function pairedStep(operator: AddOperator | MulOperator, context: StepContext): Step {
  const { arena, places, tensor } = context
  const { kernels } = arena
  const [source, other] = [places[operator.source]!, places[operator.other]!]
  const { address: out, rows, rowBytes } = places[tensor]!
  const parameters = arena.store(Int32Array.from(parametersOf(operator)))
  const combine = operator.kind === 'add' ? kernels.add : kernels.multiply
  const length = rows * rowBytes
  if (other.rows === rows && other.rowBytes === rowBytes) {
    return () => combine(source.address, other.address, length, out, parameters)
  }
  const repeated = context.scratch(length)
  return () => {
    const { address } = repeated
    kernels.repeat(other.address, other.rows, other.rowBytes, rows, rowBytes, address)
    combine(source.address, address, length, out, parameters)
  }
}

/** The int32 words that the kernels read. */
function parametersOf(operator: AddOperator | MulOperator): number[] {
  const { outputZero, clampMin, clampMax, zero1, zero2, multiplier, shift } = operator
  const common = [
    ...[outputZero, clampMin - outputZero, clampMax - outputZero, zero1, zero2],
    ...scaleOf(multiplier, shift),
  ]
  if (operator.kind === 'mul') return common
  const { multiplier1, shift1, multiplier2, shift2, leftShift } = operator
  return [...common, ...scaleOf(multiplier1, shift1), ...scaleOf(multiplier2, shift2), leftShift]
}

function scaleOf(multiplier: number, shift: number) {
  const { up, down } = shiftFactors(shift)
  return [multiplier, up, down]
}
