import { decodeTrace, type Program, supplyData } from '@assay/tensor'

import type { Supplier } from './planSupplies.ts'

/** Creates what shows parts of the traces of an exact model. */
export function createExactSupplier(program: Program): Supplier {
  return ({ node, input, trace }) =>
    supplyData(program, decodeTrace({ program, input, bytes: trace }), node)
}
