import { isAddressEqual, zeroHash } from 'viem'

import type { BookParameters, BookState } from './createBook.ts'
import type { StakingEvent } from './decodeEntry.ts'

/** Takes an event of the staking contract in; returns whether it says who an operator is or who competes. */
export function applyStakingEvent(
  { endpoints, encryptionKeys, stakers }: BookState,
  { contracts, models }: BookParameters,
  event: StakingEvent,
): boolean {
  switch (event.eventName) {
    case 'OperatorRegistered': {
      const { operator, endpoint, encryptionKey } = event.args
      endpoints.set(operator, endpoint)
      if (encryptionKey === zeroHash) encryptionKeys.delete(operator)
      else encryptionKeys.set(operator, encryptionKey)
      return true
    }
    case 'StakeActivated': {
      const { operator, source, model } = event.args
      if (!models.has(model) || !isAddressEqual(source, contracts.market)) return false
      const operators = stakers.get(model) ?? new Set()
      stakers.set(model, operators.add(operator))
      return true
    }
    default:
      return false
  }
}
