import type { Chain, Client, WebSocketTransport } from 'viem'
import { watchBlockNumber } from 'viem/actions'

import type { AssayClient } from '../client.ts'
import { pause } from './pause.ts'

/** A pause between two looks at the chain. */
export type Pulse = {
  wait(ms: number, signal?: AbortSignal): Promise<void>
  stop(): void
}

type AnnouncingClient = Client<WebSocketTransport, Chain | undefined>

/** Returns pauses that each new block ends early, where the connection announces blocks; a full pause elsewhere. */
export function createPulse(client: AssayClient): Pulse {
  const { type } = client.transport
  if (type !== 'webSocket' && type !== 'ipc') return { wait: pause, stop() {} }
  let isAwake = false
  let wake = () => {}
  const stop = watchBlockNumber(client as AnnouncingClient, {
    poll: false,
    onBlockNumber() {
      isAwake = true
      wake()
    },
    // A connection that is lost announces nothing; the pauses are full again.
    onError() {},
  })
  const wait = async (ms: number, signal?: AbortSignal) => {
    const early = new AbortController()
    wake = () => early.abort()
    if (isAwake) wake()
    const signals = signal === undefined ? [early.signal] : [early.signal, signal]
    await pause(ms, AbortSignal.any(signals)).catch(() => {})
    isAwake = false
    signal?.throwIfAborted()
  }
  return { wait, stop }
}
