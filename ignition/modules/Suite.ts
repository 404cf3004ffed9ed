import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

import Audits from './Audits.ts'
import Escrow from './Escrow.ts'
import Governance from './Governance.ts'
import JobMarket from './JobMarket.ts'
import ModelRegistry from './ModelRegistry.ts'
import OperatorStaking from './OperatorStaking.ts'
import ReceiptLedger from './ReceiptLedger.ts'
import TensorVerifier from './TensorVerifier.ts'
import Token from './Token.ts'

/**
 * The whole suite, wired and governed. The deployer stays admin of the access manager: `HandOver` ends that.
 *
 *     hardhat ignition deploy ignition/modules/Suite.ts --network <name> --parameters ignition/parameters/local.json5
 */
export default buildModule('Suite', (m) => ({
  ...m.useModule(Token),
  ...m.useModule(Escrow),
  ...m.useModule(OperatorStaking),
  ...m.useModule(ModelRegistry),
  ...m.useModule(JobMarket),
  ...m.useModule(TensorVerifier),
  ...m.useModule(Audits),
  ...m.useModule(ReceiptLedger),
  ...m.useModule(Governance),
}))
