import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'

export type Daemon = {
  name: string
  /** Kills at once, as a power cut would. */
  kill(): Promise<void>
  /** Asks to drain and waits; kills after ten seconds. */
  stop(): Promise<void>
  /** True once the process has ended. */
  hasEnded(): boolean
}

export type StartDaemonParameters = {
  name: string
  /** Script and its arguments, for the Node that runs this. */
  arguments: readonly string[]
  env?: Record<string, string>
  /** File that takes what the process prints. */
  log: string
  /** Called when the process ends without having been asked to. */
  onDeath?: (code: number | null) => void
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

/** Starts a process of the suite. It shares the terminal's Ctrl-C but is always stopped through its handle as well. */
export function startDaemon(parameters: StartDaemonParameters): Daemon {
  const { name, arguments: arguments_, env, log, onDeath } = parameters
  const child = spawn(process.execPath, [...arguments_], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const file = createWriteStream(log)
  child.stdout.pipe(file, { end: false })
  child.stderr.pipe(file, { end: false })
  let isAsked = false
  child.once('exit', (code) => {
    file.end()
    if (!isAsked) onDeath?.(code)
  })
  return {
    name,
    async kill() {
      isAsked = true
      child.kill('SIGKILL')
      await ended(child)
    },
    async stop() {
      isAsked = true
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended(child)
      clearTimeout(timer)
    },
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
  }
}
