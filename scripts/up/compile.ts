import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Its command is not among the package's exports. */
const hardhat = fileURLToPath(new URL('cli.js', import.meta.resolve('hardhat')))

/** What Ignition's modules deploy: what only tests need takes half a minute more. */
export const deployedFiles = [
  ...['JobMarket', 'ReceiptLedger', 'Escrow', 'OperatorStaking', 'ModelRegistry', 'Audits'].map(
    (name) => `contracts/${name}.sol`,
  ),
  ...['TensorVerifier', 'TensorChecker', 'TensorInterpreter', 'TensorRunner'].map(
    (name) => `contracts/verifiers/${name}.sol`,
  ),
  'contracts/mocks/TestToken.sol',
  'npm:@openzeppelin/contracts/access/manager/AccessManager.sol',
]

/**
 * Compiles the contracts that changed since the last time.
 * In a process of its own: the compiler keeps a core busy, and what it says of dependencies matters only when it fails.
 */
export function compile(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const arguments_ = [hardhat, 'build', '--no-tests', ...deployedFiles]
    execFile(process.execPath, arguments_, { cwd: root, signal }, (error, stdout, stderr) => {
      if (error === null) resolve()
      else reject(new Error(`The contracts do not compile.\n${stdout}${stderr}`, { cause: error }))
    })
  })
}
