import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

/** The deployer is its admin until `HandOver`, so that it can set the suite up. */
export default buildModule('AccessManager', (m) => ({
  manager: m.contract('AccessManager', [m.getAccount(0)]),
}))
