import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

import Governance from './Governance.ts'
import Suite from './Suite.ts'

const adminRole = 0n

/**
 * The suite, and its access manager in the hands of `admin`, which must wait `executionDelay` seconds for whatever it
 * does; the deployer can do nothing any more.
 */
export default buildModule('HandOver', (m) => {
  const suite = m.useModule(Suite)
  const deployer = m.getAccount(0)

  const admin = m.getParameter('admin')
  const executionDelay = m.getParameter('executionDelay')
  const grant = m.call(suite.manager, 'grantRole', [adminRole, admin, executionDelay], {
    after: [Governance],
  })
  m.call(suite.manager, 'renounceRole', [adminRole, deployer], { after: [grant] })

  return suite
})
