import type { AbiParameterToPrimitiveType, ExtractAbiFunction } from 'abitype'

import type { tensorVerifierAbi } from '../abi/tensorVerifierAbi.ts'

type Inputs<name extends 'prove' | 'proveRow' | 'demand'> = ExtractAbiFunction<
  typeof tensorVerifierAbi,
  name
>['inputs']

/** One element, everything it was computed from, and what the operator committed for it. */
export type ElementProof = AbiParameterToPrimitiveType<Inputs<'prove'>[2]>

/** Opening of one tensor that an element reads: the operator that produced it, and the rows that matter, ascending. */
export type SourceOpening = ElementProof['sources'][number]

/** Opening of one operator in the program tree. */
export type OperatorOpening = AbiParameterToPrimitiveType<Inputs<'proveRow'>[2]>

/** Opening of a tensor's root in the trace tree. */
export type TensorOpening = AbiParameterToPrimitiveType<Inputs<'proveRow'>[3]>

/** Opening of one leaf in its tree. */
export type RowOpening = AbiParameterToPrimitiveType<Inputs<'proveRow'>[4]>

/** One committed node: all leaves of a tree, or the data of one leaf. */
export type Node = AbiParameterToPrimitiveType<Inputs<'demand'>[2]>

/** What shows that a claim binds a hash at a node. */
export type DemandProof = AbiParameterToPrimitiveType<Inputs<'demand'>[4]>

/** Trees that a claim of an exact model binds, in the order of `Tree` in `contracts/types/Tensor.sol`. */
export const trees = ['Trace', 'Tensor', 'Weights'] as const

/** `Node.leaf` of a node that stands for the list of all leaf hashes. */
export const allLeaves = 2 ** 32 - 1

/** Where a demand stands, in the order of `DemandStatus` in `contracts/interfaces/ITensorVerifier.sol`. */
export const demandStatuses = ['None', 'Open', 'Supplied', 'TimedOut', 'Reclaimed'] as const
