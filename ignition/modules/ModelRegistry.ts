import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

import AccessManager from './AccessManager.ts'

export default buildModule('ModelRegistry', (m) => {
  const { manager } = m.useModule(AccessManager)
  return { registry: m.contract('ModelRegistry', [manager]) }
})
