import type { Inconsistency, Program } from '@assay/tensor'
import type { ModelManifest } from '@assay/tensor/node'

import type { Report } from '../chain/report.ts'
import { describeElement } from './describeElement.ts'

export type DescribeInconsistencyParameters = {
  manifest: ModelManifest
  program: Program
  found: Inconsistency
}

/** Says what of a committed trace is wrong. */
export function describeInconsistency(parameters: DescribeInconsistencyParameters): Report {
  const { manifest, program, found } = parameters
  if (found.kind !== 'element') {
    const lines = [`  wrong      the ${found.kind} is not what the trace has`]
    return { lines, data: { wrong: found } }
  }
  const wrong = describeElement(manifest, program, found)
  const { operator, place, tensor, kind, row, column, claimed, right } = wrong
  return {
    lines: [
      `  operator   ${operator ? `${operator.index} ${operator.operator} of the model, ` : ''}${kind}, tensor ${tensor} of the program`,
      `  element    ${place ? `[${place.join(', ')}], ` : ''}row ${row}, column ${column}`,
      `  claimed    ${claimed}`,
      `  right      ${right}`,
    ],
    data: { wrong: { ...wrong, element: found } },
  }
}
