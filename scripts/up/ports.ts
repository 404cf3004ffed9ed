import { createServer } from 'node:net'

export type PortChoice = {
  /** Port to listen on. */
  port: number
  /** The port that was wanted, when something else already listens there. */
  busy?: number
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

function anyFree(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** Returns `wanted` if nothing listens there, else a free port, naming the one that was busy. */
export async function choosePort(wanted: number): Promise<PortChoice> {
  if (await isFree(wanted)) return { port: wanted }
  return { port: await anyFree(), busy: wanted }
}
