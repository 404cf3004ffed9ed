import type { Deployment } from './deployment.ts'
import { InvalidDeploymentError, parseDeployment } from './parseDeployment.ts'

export type DeploymentOfIgnitionParameters = {
  /** Parsed `deployed_addresses.json`: `{ "Module#Contract": "0x…" }`. */
  addresses: Record<string, string>
  chainId: number
  /** Block from which the suite's events are searched. */
  startBlock: number
  /** Name of the token's contract in the Ignition modules. */
  tokenName?: string
}

/** Contract of the Ignition modules → field of the deployment. */
const fields = {
  AccessManager: 'manager',
  Escrow: 'escrow',
  OperatorStaking: 'staking',
  ModelRegistry: 'registry',
  JobMarket: 'market',
  TensorVerifier: 'tensorVerifier',
  Audits: 'audits',
  ReceiptLedger: 'ledger',
} as const

/** Returns the deployment that Ignition recorded, whatever its modules are called. */
export function deploymentOfIgnition(parameters: DeploymentOfIgnitionParameters): Deployment {
  const { addresses, chainId, startBlock, tokenName = 'TestToken' } = parameters
  const byContract = Object.entries(addresses).map(([id, address]) => [
    id.split('#').at(-1),
    address,
  ])
  const find = (contract: string) => {
    const found = byContract.filter(([name]) => name === contract)
    if (found.length === 1) return found[0]![1]
    throw new InvalidDeploymentError(`Ignition recorded ${found.length} contracts "${contract}".`, {
      metaMessages: Object.keys(addresses),
    })
  }
  const suite = Object.entries(fields).map(([contract, field]) => [field, find(contract)])
  return parseDeployment({
    ...Object.fromEntries(suite),
    chainId,
    startBlock,
    token: find(tokenName),
  })
}
