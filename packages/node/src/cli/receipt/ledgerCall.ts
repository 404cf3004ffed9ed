import { receiptLedgerAbi } from '@assay/protocol'
import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  encodeFunctionData,
  type Hex,
} from 'viem'

import type { Scene } from '../chain/onChain.ts'

export type Call = { to: Address; data: Hex }

type LedgerAbi = typeof receiptLedgerAbi
type Writes = ContractFunctionName<LedgerAbi, 'nonpayable'>

/** Returns a call of the ledger, which can be priced before it is sent. */
export function ledgerCall<name extends Writes>(
  { deployment }: Pick<Scene, 'deployment'>,
  functionName: name,
  args: ContractFunctionArgs<LedgerAbi, 'nonpayable', name>,
): Call {
  // That name and arguments fit together is checked above, and lost in the types of a name that is not known.
  const call = { functionName: functionName as string, args: args as readonly unknown[] }
  return { to: deployment.ledger, data: encodeFunctionData({ abi, ...call }) }
}

const abi: Abi = receiptLedgerAbi
