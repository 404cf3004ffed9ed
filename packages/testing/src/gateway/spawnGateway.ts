import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type SpawnGatewayParameters = {
  config: Record<string, unknown>
  environment: Record<string, string>
  /** Folder of the configuration and the journal. */
  folder: string
  /** Kind of event at which the process is killed. */
  killAt?: string | undefined
}

/** Starts a gateway in a process of its own. */
export async function spawnGateway(parameters: SpawnGatewayParameters) {
  const { config, environment, folder, killAt } = parameters
  const file = join(folder, 'gateway.json')
  writeFileSync(file, JSON.stringify({ dataDir: '.', http: { port: 0 }, ...config }))
  const script = join(import.meta.dirname, 'gatewayProcess.ts')
  const child = spawn(process.execPath, [script, file, ...(killAt ? [killAt] : [])], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await firstLine(child)
  return {
    url,
    pid: child.pid!,
    /** Resolves with the signal that ended it. */
    ended: () =>
      child.signalCode !== null
        ? Promise.resolve(child.signalCode)
        : once(child, 'exit').then(([, signal]) => signal as string | null),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout!) {
    text += chunk
    if (text.includes('\n')) break
  }
  return text.trim()
}
