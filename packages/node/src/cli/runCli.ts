import { Command, CommanderError } from 'commander'

import { keyVariable, loadOperatorConfig, loadWatcherConfig } from './config.ts'
import { createLogger } from './createLogger.ts'
import { exitCodeOf, exitCodes } from './exitCodes.ts'
import { addModelCommands } from './model/addModelCommands.ts'
import { runOperator, type Substitutes } from './runOperator.ts'
import { runWatcher } from './runWatcher.ts'

export type CliDependencies = {
  /** Arguments after the script's name. */
  arguments: readonly string[]
  write: (text: string) => void
  writeError: (text: string) => void
  /** Aborts when the process is asked to stop. */
  signal: AbortSignal
  /** What to put in the place of an honest operator's parts. */
  substitutes?: Substitutes
}

type DaemonOptions = { config: string; json?: true; verbose?: true }

/** Runs a command of `assay`; resolves with the exit code. */
export async function runCli(dependencies: CliDependencies): Promise<number> {
  try {
    const program = createProgram(dependencies)
    await program.parseAsync([...dependencies.arguments], { from: 'user' })
    return exitCodes.stopped
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
    const code = exitCodeOf(error)
    // Where an error came from helps only with those that nobody foresaw.
    const { stack, message } = error as Error
    dependencies.writeError(`${code === exitCodes.failed ? stack : message}\n`)
    return code
  }
}

function createProgram(dependencies: CliDependencies) {
  const { write, writeError } = dependencies
  const program = new Command('assay')
    .description('Serve, and check, verifiable inference.')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: writeError })
    .addHelpText('after', help)
  addDaemon(program, 'operator', 'answer jobs, show traces, and fetch what was earned').action(
    async (options: DaemonOptions) => {
      const { signal, substitutes } = dependencies
      const config = loadOperatorConfig(options.config)
      const logger = loggerOf(dependencies, options)
      await runOperator({ config, logger, signal, ...(substitutes && { substitutes }) })
    },
  )
  addDaemon(program, 'watch', 're-execute answers, and refute those that are wrong').action(
    async (options: DaemonOptions) => {
      const config = loadWatcherConfig(options.config)
      await runWatcher({
        config,
        logger: loggerOf(dependencies, options),
        signal: dependencies.signal,
      })
    },
  )
  addModelCommands(program, write)
  return program
}

function addDaemon(program: Command, name: string, description: string) {
  return program
    .command(name)
    .description(description)
    .requiredOption('--config <file>', 'configuration, as JSON')
    .option('--json', 'log a JSON object a line')
    .option('--verbose', 'log every block and every step of a transaction')
}

function loggerOf({ write }: CliDependencies, { json, verbose }: DaemonOptions) {
  const logger = createLogger({ isJson: json === true, write })
  logger.level = verbose === true ? 'debug' : 'info'
  return logger
}

const help = `
The private key is read from the file that the configuration names as "keyFile", else from ${keyVariable}.
SIGTERM and SIGINT finish what is under way and stop; whatever a stop or a crash leaves is taken up by the next start.

Exit codes:
  ${exitCodes.stopped}  done, or stopped as asked
  ${exitCodes.failed}  failed; starting again may help
  ${exitCodes.usage}  wrong command, configuration, model or input
  ${exitCodes.locked}  another process works with the same journal
  ${exitCodes.mismatch}  the journal belongs to another chain, market, key or version
`
