export type Shutdown = {
  /** Aborts when the process is asked to end. */
  signal: AbortSignal
  /** Resolves when the process is asked to end. */
  requested: Promise<void>
  /** Registers something to end; what was started last ends first. */
  add(what: string, end: () => Promise<unknown>): void
  /** Ends everything that was registered, whatever fails on the way. */
  run(): Promise<void>
}

type SignalSource = Pick<NodeJS.Process, 'on'>

/** Ends what was started, in reverse. A terminal may deliver Ctrl-C more than once: only the first counts. */
export function createShutdown(source: SignalSource): Shutdown {
  const controller = new AbortController()
  const ends: { what: string; end: () => Promise<unknown> }[] = []
  const requested = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    source.on(name, () => controller.abort(new Error('The stack was asked to end.')))
  }
  return {
    signal: controller.signal,
    requested,
    add: (what, end) => void ends.push({ what, end }),
    async run() {
      for (const { what, end } of ends.splice(0).reverse()) {
        await end().catch((error) => {
          process.stderr.write(`${what} did not end cleanly: ${String(error)}\n`)
        })
      }
    },
  }
}
