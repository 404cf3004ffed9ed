import { createPublicClient, webSocket } from 'viem'

/**
 * Returns what calls back with every new block that a node tells of over WebSocket, until it is ended. It is a hint
 * only: a connection that breaks is taken up again, and what is missed meanwhile is found by looking.
 */
export function subscribeTo(url: string) {
  return (onBlock: () => void): (() => void) => {
    const transport = webSocket(url, {
      keepAlive: true,
      reconnect: { attempts: 1_000, delay: 2_000 },
    })
    const client = createPublicClient({ transport })
    const unwatch = client.watchBlockNumber({ onBlockNumber: onBlock, onError: () => {} })
    return () => {
      unwatch()
      client.transport.getRpcClient().then(
        (socket) => socket.close(),
        // There was no connection to close.
        () => {},
      )
    }
  }
}
