import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

/** A test dollar that anybody may mint. */
export default buildModule('Token', (m) => ({ token: m.contract('TestToken') }))
