import { encodeContext, tensorVerifierAbi } from '@assay/protocol'
import {
  buildElementProof,
  buildOutputProof,
  buildRowProof,
  type Inconsistency,
  type Program,
  type Pursuit,
  type Trace,
} from '@assay/tensor'
import { type Address, bytesToHex, encodeFunctionData, type Hex } from 'viem'

import type { DemandRecord } from '../book/records.ts'
import type { AnsweredJob, Case, WatcherContext } from './watcher.ts'

const abi = tensorVerifierAbi

/** Where the market is that a call names. */
type Place = Pick<WatcherContext, 'deployment'>

/** What of an answer a call names. */
type OfAnswer = { answer: Pick<AnsweredJob['answer'], 'settlement' | 'claim'> }

/** The first two arguments of every call about an answer. */
export function claimArguments({ deployment }: Place, { answer }: OfAnswer) {
  const { settlement, claim } = answer
  return [deployment.market, encodeContext({ settlement, claim })] as const
}

/** How a call names a claim: its source, and the source's own preimage of it. */
export type ClaimArguments = readonly [source: Address, context: Hex]

/** The call that shows an inconsistency of a committed trace of an answer. */
export function inconsistencyCall(
  context: Place,
  record: OfAnswer,
  of: CommittedTrace,
  found: Inconsistency,
): Hex {
  return proofCall(claimArguments(context, record), of, found)
}

type CommittedTrace = { program: Program; committed: Trace }

/** The call that shows an inconsistency of a committed trace, whatever source its claim is of. */
export function proofCall(
  about: ClaimArguments,
  { program, committed }: CommittedTrace,
  found: Inconsistency,
): Hex {
  switch (found.kind) {
    case 'element': {
      const proof = buildElementProof({ program, trace: committed, ...found })
      return encodeFunctionData({ abi, functionName: 'prove', args: [...about, proof] })
    }
    case 'row': {
      const { operator, tensor, row } = buildRowProof({ program, trace: committed, ...found })
      const args = [...about, operator, tensor, row] as const
      return encodeFunctionData({ abi, functionName: 'proveRow', args })
    }
    case 'output':
      return outputCall(about, buildOutputProof(program, committed))
  }
}

/** The call that ends a pursuit. */
export function pursuitCall(
  context: WatcherContext,
  record: AnsweredJob,
  pursuit: Extract<Pursuit, { kind: 'element' | 'output' }>,
): Hex {
  const about = claimArguments(context, record)
  if (pursuit.kind === 'output') return outputCall(about, pursuit.proof)
  return encodeFunctionData({ abi, functionName: 'prove', args: [...about, pursuit.proof] })
}

function outputCall(
  about: ClaimArguments,
  { last, tensor, output }: ReturnType<typeof buildOutputProof>,
): Hex {
  const args = [...about, last, tensor, output] as const
  return encodeFunctionData({ abi, functionName: 'proveOutput', args })
}

/** The call that runs the whole program on-chain. */
export function executionCall(
  context: WatcherContext,
  record: AnsweredJob,
  { model }: Case,
  weights: readonly Address[],
): Hex {
  const descriptors = model.program.descriptors.map((descriptor) => bytesToHex(descriptor))
  const input = bytesToHex(record.input)
  const args = [...claimArguments(context, record), descriptors, weights, input] as const
  return encodeFunctionData({ abi, functionName: 'execute', args })
}

/** The call that ends a demand: because nobody supplied, or because the claim was refuted otherwise. */
export function demandEndCall(
  context: WatcherContext,
  record: AnsweredJob,
  { node, hash }: DemandRecord,
  functionName: 'timeout' | 'reclaim',
): Hex {
  const args = [...claimArguments(context, record), node, hash] as const
  return encodeFunctionData({ abi, functionName, args })
}
