/** Returns what aborts at the first SIGTERM or SIGINT. A second one ends the process, as it would without this. */
export function stopSignal(process: Pick<NodeJS.Process, 'once'>): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => controller.abort())
  }
  return controller.signal
}
