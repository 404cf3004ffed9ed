import { jobMarketAbi, modelRegistryAbi } from '@assay/protocol'
import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import { getAbiItem, toFunctionSelector } from 'viem'

import AccessManager from './AccessManager.ts'
import JobMarket from './JobMarket.ts'
import ModelRegistry from './ModelRegistry.ts'
import TensorVerifier from './TensorVerifier.ts'

/** Roles of the access manager; 0 is its admin. */
const governorRole = 1n
const guardianRole = 2n

const [setParameters, collectProtocolFees, setRequestsPaused] = [
  toFunctionSelector(getAbiItem({ abi: jobMarketAbi, name: 'setParameters' })),
  toFunctionSelector(getAbiItem({ abi: jobMarketAbi, name: 'collectProtocolFees' })),
  toFunctionSelector(getAbiItem({ abi: jobMarketAbi, name: 'setRequestsPaused' })),
]
const [approveVerifier, tombstoneVerifier] = [
  toFunctionSelector(getAbiItem({ abi: modelRegistryAbi, name: 'approveVerifier' })),
  toFunctionSelector(getAbiItem({ abi: modelRegistryAbi, name: 'tombstoneVerifier' })),
]

/**
 * Who may do what. The governor sets parameters, collects protocol fees, and approves and tombstones verifiers, each after
 * `executionDelay` seconds; the guardian pauses new requests at once and cancels what the governor scheduled. Nobody can
 * do more: no other function of the suite asks the manager.
 */
export default buildModule('Governance', (m) => {
  const { manager } = m.useModule(AccessManager)
  const { market } = m.useModule(JobMarket)
  const { registry } = m.useModule(ModelRegistry)
  const { tensorVerifier } = m.useModule(TensorVerifier)

  const deployer = m.getAccount(0)
  const governor = m.getParameter('governor', deployer)
  const guardian = m.getParameter('guardian', deployer)
  const executionDelay = m.getParameter('executionDelay')

  // As the manager's admin: from the next calls on it takes the governor.
  const approval = m.call(registry, 'approveVerifier', [tensorVerifier])

  const governed = [setParameters, collectProtocolFees]
  m.call(manager, 'setTargetFunctionRole', [market, governed, governorRole], { id: 'govern' })
  const guarded = [setRequestsPaused]
  m.call(manager, 'setTargetFunctionRole', [market, guarded, guardianRole], { id: 'guard' })
  const listed = [approveVerifier, tombstoneVerifier]
  m.call(manager, 'setTargetFunctionRole', [registry, listed, governorRole], {
    id: 'list',
    after: [approval],
  })

  m.call(manager, 'labelRole', [governorRole, 'GOVERNOR'], { id: 'labelGovernor' })
  m.call(manager, 'labelRole', [guardianRole, 'GUARDIAN'], { id: 'labelGuardian' })
  m.call(manager, 'setRoleGuardian', [governorRole, guardianRole])
  m.call(manager, 'grantRole', [governorRole, governor, executionDelay], { id: 'grantGovernor' })
  m.call(manager, 'grantRole', [guardianRole, guardian, 0], { id: 'grantGuardian' })

  return { manager }
})
