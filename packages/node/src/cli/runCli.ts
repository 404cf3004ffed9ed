import { resolve } from 'node:path'
import { Command, CommanderError, InvalidArgumentError } from 'commander'

import { addAccountCommands } from './account/addAccountCommands.ts'
import { addAuditCommands } from './audit/addAuditCommands.ts'
import type { CliContext } from './chain/onChain.ts'
import { type AddedModel, keyVariable, loadOperatorConfig, loadWatcherConfig } from './config.ts'
import { createLogger } from './createLogger.ts'
import { type ExitCauses, exitCodeOf, exitCodes, isForeseen } from './exitCodes.ts'
import { addJobCommands } from './job/addJobCommands.ts'
import { addKeyCommands } from './key/addKeyCommands.ts'
import { addModelCommands } from './model/addModelCommands.ts'
import { addPledgeCommands } from './pledge/addPledgeCommands.ts'
import { addReceiptCommands } from './receipt/addReceiptCommands.ts'
import { runOperator, type Substitutes } from './runOperator.ts'
import { runWatcher } from './runWatcher.ts'
import { addSignerCommands } from './signer/addSignerCommands.ts'
import { addStakeCommands } from './stake/addStakeCommands.ts'
import { addTabCommands } from './tab/addTabCommands.ts'

export type CliDependencies = {
  /** Arguments after the script's name. */
  arguments: readonly string[]
  write: (text: string) => void
  writeError: (text: string) => void
  /** Aborts when the process is asked to stop. */
  signal: AbortSignal
  /** Adds commands of other packages. */
  extend?: (program: Command, context: CliContext) => void
  /** How their errors end them. */
  causes?: ExitCauses
  /** What to put in the place of an honest operator's parts. */
  substitutes?: Substitutes
}

type DaemonOptions = { config: string; model: AddedModel[]; json?: true; verbose?: true }

/** Runs a command of `assay`; resolves with the exit code. */
export async function runCli(dependencies: CliDependencies): Promise<number> {
  try {
    let exitCode = exitCodes.stopped
    const program = createProgram(dependencies, (code) => {
      exitCode = code
    })
    await program.parseAsync([...dependencies.arguments], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
    const { stack, message } = error as Error
    const { writeError, causes } = dependencies
    writeError(`${isForeseen(error, causes) ? message : stack}\n`)
    return exitCodeOf(error, causes)
  }
}

function createProgram(dependencies: CliDependencies, setExitCode: (code: number) => void) {
  const { write, writeError, signal } = dependencies
  const program = new Command('assay')
    .description('Serve, and check, verifiable inference.')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: writeError })
    .addHelpText('after', help)
  addDaemon(program, 'operator', 'answer jobs, show traces, and fetch what was earned').action(
    async (options: DaemonOptions) => {
      const { substitutes } = dependencies
      const config = loadOperatorConfig(options.config, options.model)
      const logger = loggerOf(dependencies, options)
      await runOperator({ config, logger, signal, ...(substitutes && { substitutes }) })
    },
  )
  addDaemon(program, 'watch', 're-execute answers, and refute those that are wrong').action(
    async (options: DaemonOptions) => {
      const config = loadWatcherConfig(options.config, options.model)
      await runWatcher({ config, logger: loggerOf(dependencies, options), signal })
    },
  )
  const context = { write, writeError, signal, setExitCode }
  addModelCommands(program, context)
  addAccountCommands(program, context)
  addStakeCommands(program, context)
  addJobCommands(program, context)
  addAuditCommands(program, context)
  addPledgeCommands(program, context)
  addSignerCommands(program, context)
  addTabCommands(program, context)
  addKeyCommands(program, context)
  addReceiptCommands(program, context)
  dependencies.extend?.(program, context)
  return program
}

function addDaemon(program: Command, name: string, description: string) {
  return program
    .command(name)
    .description(description)
    .requiredOption('--config <file>', 'configuration, as JSON')
    .option('--model <version=dir>', 'model besides those of the configuration', addModel, [])
    .option('--json', 'log a JSON object a line')
    .option('--verbose', 'log every block and every step of a transaction')
}

/** Unlike a configuration's, the folder starts where the process was started. */
function addModel(value: string, models: AddedModel[]): AddedModel[] {
  const [version, ...folder] = value.split('=')
  if (folder.length === 0) throw new InvalidArgumentError('It has to be VERSION=DIR.')
  return [...models, { version: version!, folder: resolve(folder.join('=')) }]
}

function loggerOf({ write }: CliDependencies, { json, verbose }: DaemonOptions) {
  const logger = createLogger({ isJson: json === true, write })
  logger.level = verbose === true ? 'debug' : 'info'
  return logger
}

const help = `
The private key is read from the file that --key-file or the configuration's "keyFile" names, else from ${keyVariable}.
What no option and no configuration says is taken from the environment: ASSAY_CONFIG, ASSAY_RPC_URL, ASSAY_DEPLOYMENT.
Daemons finish what is under way on SIGTERM and SIGINT; whatever a stop or a crash leaves is taken up by the next start.

Exit codes:
  ${exitCodes.stopped}  done, or stopped as asked
  ${exitCodes.failed}  failed; starting again may help
  ${exitCodes.usage}  wrong command, configuration, model or input
  ${exitCodes.locked}  another process works with the same journal
  ${exitCodes.mismatch}  the journal or the deployment belongs to another chain, market, key or version
  ${exitCodes.refused}  the contracts, or the funds, do not allow it
  ${exitCodes.right}  nothing to prove: the answer is right, or the receipts are
  ${exitCodes.withheld}  the answer is wrong, and nobody shows its trace: "assay watch" demands it
  ${exitCodes.unsound}  the receipt or the answer is not what was signed
`
