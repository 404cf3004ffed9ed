import { receiptLedgerAbi } from '@assay/protocol'
import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  encodeFunctionData,
} from 'viem'
import { readContract } from 'viem/actions'

import type { AssayClient, ReadParameters, Submitted, WriteParameters } from '../client.ts'
import { submit } from './submit.ts'

type LedgerAbi = typeof receiptLedgerAbi
type Writes = ContractFunctionName<LedgerAbi, 'nonpayable'>
type Views = ContractFunctionName<LedgerAbi, 'view'>

/** Sends a call of the receipt ledger. */
export function submitToLedger<name extends Writes>(
  client: AssayClient,
  parameters: WriteParameters,
  call: { functionName: name; args: ContractFunctionArgs<LedgerAbi, 'nonpayable', name> },
): Promise<Submitted> {
  const data = encodeFunctionData({ abi, ...untyped(call) })
  return submit(client, { ...parameters, to: parameters.deployment.ledger, data })
}

/** Reads a view of the receipt ledger. */
export function readLedger<name extends Views>(
  client: AssayClient,
  { deployment }: ReadParameters,
  call: { functionName: name; args: ContractFunctionArgs<LedgerAbi, 'view', name> },
): Promise<ContractFunctionReturnType<LedgerAbi, 'view', name>> {
  const contract = { abi, address: deployment.ledger, ...untyped(call) }
  return readContract(client, contract) as Promise<
    ContractFunctionReturnType<LedgerAbi, 'view', name>
  >
}

const abi: Abi = receiptLedgerAbi

/** That name and arguments fit together is checked where they are known, and lost in the types of a name that is not. */
function untyped({ functionName, args }: { functionName: string; args: unknown }) {
  return { functionName, args: args as readonly unknown[] }
}
