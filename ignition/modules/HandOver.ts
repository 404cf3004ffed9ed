import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

import Suite from './Suite.ts'

const adminRole = 0n

/**
 * The suite, and its access manager in the hands of `admin`, which must wait `executionDelay` seconds for whatever it
 * does; the deployer can do nothing any more.
 */
export default buildModule('HandOver', (m) => {
  const suite = m.useModule(Suite)
  const deployer = m.getAccount(0)

  const grant = m.call(suite.manager, 'grantRole', [
    adminRole,
    m.getParameter('admin'),
    m.getParameter('executionDelay'),
  ])
  m.call(suite.manager, 'renounceRole', [adminRole, deployer], { after: [grant] })

  return suite
})
