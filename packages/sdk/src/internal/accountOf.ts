import type { Account, Address } from 'viem'
import { parseAccount } from 'viem/accounts'

import type { AssayClient } from '../client.ts'
import { AccountMissingError } from '../errors/errors.ts'

/** Returns the account that acts: the given one, else the client's. */
export function accountOf(client: AssayClient, account?: Account | Address): Account {
  const chosen = account ?? client.account
  if (chosen === undefined) throw new AccountMissingError()
  return parseAccount(chosen)
}
