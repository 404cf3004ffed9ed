import type { Step, StepContext } from '../Step.ts'
import { convStep } from './convStep.ts'
import { denseStep } from './denseStep.ts'
import { lookupStep } from './lookupStep.ts'
import { moveStep } from './moveStep.ts'
import { pairedStep } from './pairedStep.ts'
import { poolStep } from './poolStep.ts'
import { referenceStep } from './referenceStep.ts'

/** Prepares what computes a tensor; undefined for tensors that nothing computes. */
export function stepOf(context: StepContext): Step | undefined {
  const operator = context.program.operators[context.tensor]!
  switch (operator.kind) {
    case 'input':
    case 'constant':
      return undefined
    case 'dense':
      return denseStep(operator, context)
    case 'conv':
      return convStep(operator, context)
    case 'add':
    case 'mul':
      return pairedStep(operator, context)
    case 'pool':
      return poolStep(operator, context)
    case 'lookup':
      return lookupStep(operator, context)
    case 'move':
      return moveStep(operator, context)
    case 'softmax':
    case 'trees':
    case 'sum':
      return referenceStep(context)
  }
}
