import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { type Deployment, deploymentOfIgnition } from '@assay/protocol'
import hre, { network } from 'hardhat'

import Suite from '../../ignition/modules/Suite.ts'

export type DeploySuiteParameters = {
  /** Endpoint of the chain. */
  rpcUrl: string
  chainId: number
  /** Ignition parameters, as in `ignition/parameters/local.json5`. */
  parameters: string
}

/**
 * Deploys the suite with Ignition and returns what Ignition recorded.
 * The recorded folder is removed: this chain ends with the process, and a journal that outlives its chain would make the
 * next deployment resume to addresses without code.
 */
export async function deploySuite(parameters: DeploySuiteParameters): Promise<Deployment> {
  const deploymentId = `local-${process.pid}-${Date.now()}`
  const folder = join(hre.config.paths.ignition, 'deployments', deploymentId)
  const connection = await network.create({
    network: 'local',
    override: { url: parameters.rpcUrl },
  })
  try {
    const startBlock = Number(
      await connection.provider.request({ method: 'eth_blockNumber', params: [] }),
    )
    await connection.ignition.deploy(Suite, {
      deploymentId,
      parameters: parameters.parameters,
      displayUi: false,
    })
    const addresses = JSON.parse(await readFile(join(folder, 'deployed_addresses.json'), 'utf8'))
    return deploymentOfIgnition({ addresses, chainId: parameters.chainId, startBlock })
  } finally {
    await connection.close()
    await rm(folder, { recursive: true, force: true })
  }
}
