import { loadCurve } from '@assay/crypto'
import {
  addGatewayCommands,
  cryptographyOf,
  GatewayConfigError,
  GatewayJournalError,
} from '@assay/gateway/cli'
import { exitCodes, runCli, stopSignal } from '@assay/node/cli'

/** Runs `assay`, all of it; resolves with the exit code. */
export function runAssay(
  process: Pick<NodeJS.Process, 'argv' | 'once' | 'stdout' | 'stderr'>,
): Promise<number> {
  return runCli({
    arguments: process.argv.slice(2),
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    signal: stopSignal(process),
    extend: (program, context) => addGatewayCommands(program, { ...context, loadCryptography }),
    causes: [
      [exitCodes.usage, [GatewayConfigError]],
      [exitCodes.mismatch, [GatewayJournalError]],
    ],
  })
}

const loadCryptography = async () => cryptographyOf(await loadCurve())
