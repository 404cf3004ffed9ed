import { type Deployment, receiptLedgerAbi } from '@assay/protocol'
import type { SignedOrder } from '@assay/protocol/http'
import { orderTypedData } from '@assay/protocol/receipt'
import { encodeFunctionData, getAddress, hashTypedData, isAddressEqual, recoverAddress } from 'viem'

import { type PlanEffectContext, planEffect } from '../daemon/planEffect.ts'
import { closedStates } from '../journal/intent.ts'
import type { TabReader } from './createTabReader.ts'
import type { FundTab } from './requireFunds.ts'

export type CreateTabFunderParameters = PlanEffectContext & {
  deployment: Pick<Deployment, 'chainId' | 'ledger'>
  tabs: Pick<TabReader, 'isSignedByContract'>
  /** Least that an order must come to, in token units: the operator pays to carry it out. */
  minimum: bigint
}

/** Times that one order may fail, such as for want of a balance, before it is left alone. */
const maxAttempts = 20

/** Creates what carries out orders of payers, one of a payer at a time. */
export function createTabFunder(parameters: CreateTabFunderParameters): FundTab {
  const { deployment, journal, minimum } = parameters
  return async (signed) => {
    const { signature, ...order } = signed
    const payer = getAddress(order.payer)
    if (order.total < minimum || !(await isSigned(parameters, signed))) return false
    const last = journal.intents.about('fundTab', payer)
    if (last !== undefined && !closedStates.includes(last.state)) return true
    journal.intents.release('fundTab', payer)
    const key = `${payer}:fundTab:${order.epoch}:${order.total}`
    const args = [order, signature] as const
    const data = encodeFunctionData({ abi: receiptLedgerAbi, functionName: 'fund', args })
    const to = deployment.ledger
    planEffect(parameters, { key, kind: 'fundTab', to, data, subjects: [payer] }, maxAttempts)
    const state = journal.intents.find(key)?.state
    return state !== undefined && !closedStates.includes(state)
  }
}

async function isSigned({ deployment, tabs }: CreateTabFunderParameters, signed: SignedOrder) {
  const { signature, ...order } = signed
  const { chainId, ledger } = deployment
  const hash = hashTypedData(orderTypedData({ chainId, ledger, order }))
  const signer = await recoverAddress({ hash, signature }).catch(() => undefined)
  if (signer !== undefined && isAddressEqual(signer, order.payer)) return true
  return tabs.isSignedByContract(order.payer, hash, signature)
}
