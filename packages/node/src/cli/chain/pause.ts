import { setTimeout } from 'node:timers/promises'

/** Waits, or throws as soon as the process is asked to stop. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal })
}
