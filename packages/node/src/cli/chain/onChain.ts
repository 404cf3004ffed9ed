import type { Connection } from './connect.ts'
import { StoppedError } from './errors.ts'
import type { ChainOptions } from './options.ts'
import type { Report } from './report.ts'

/** How commands deal with whoever started them. */
export type CliContext = {
  write: (text: string) => void
  writeError: (text: string) => void
  /** Aborts when the process is asked to stop. */
  signal: AbortSignal
  setExitCode: (code: number) => void
}

/** What a command on the chain is given besides its arguments. */
export type Scene = Connection & {
  /** Says what is waited for; nothing where machines read. */
  note: (text: string) => void
  signal: AbortSignal
}

/** Makes an action of `commander` that connects, runs, and prints what came of it. */
export function onChain<args extends [...unknown[], ChainOptions]>(
  { write, writeError, signal, setExitCode }: CliContext,
  run: (scene: Scene, ...args: args) => Promise<Report>,
) {
  return async (...given: unknown[]): Promise<void> => {
    // The last that commander passes is the command itself.
    const args = given.slice(0, -1) as args
    const options = args.at(-1) as ChainOptions
    const [{ connect }, { explain }, { formatReport }] = await Promise.all([
      import('./connect.ts'),
      import('./explain.ts'),
      import('./report.ts'),
    ])
    const note = (text: string) => {
      if (options.json !== true) writeError(`${text}\n`)
    }
    let connection: Connection | undefined
    try {
      connection = await connect(options)
      const report = await run({ ...connection, note, signal }, ...args)
      write(formatReport(report, options))
      if (report.exitCode !== undefined) setExitCode(report.exitCode)
    } catch (error) {
      throw signal.aborted ? new StoppedError() : explain(error, connection?.account)
    }
  }
}
