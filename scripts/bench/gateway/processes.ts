import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPort, spawnGateway } from '@assay/testing'

import { settlement } from './settlement.ts'

/** Something that answers, in a process of its own. */
export type Served = { url: string; pid: number; kill: () => void; close: () => Promise<void> }

const here = import.meta.dirname

function served(child: ChildProcess, url: string): Served {
  const exited = once(child, 'exit')
  const close = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { url, pid: child.pid!, kill: () => void child.kill('SIGKILL'), close }
}

async function printed(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout!) {
    text += chunk
    if (text.includes('\n')) break
  }
  return text.trim()
}

function start(script: string, values: (string | number)[]) {
  const file = join(here, script)
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  return spawn(process.execPath, [file, ...values.map(String)], { stdio: [...stdio] })
}

/** Starts a provider that streams so many tokens at such an interval. */
export async function startUpstream(tokens: number, intervalMs: number): Promise<Served> {
  const child = start('upstreamProcess.ts', [tokens, intervalMs])
  return served(child, `http://127.0.0.1:${await printed(child)}`)
}

/** Starts an operator before an upstream. */
export async function startOperator(upstream: Served, number: number): Promise<Served> {
  const child = start('operatorProcess.ts', [upstream.url, number])
  return served(child, await printed(child))
}

/** Starts a gateway over providers or operators. */
export async function startGateway(config: Record<string, unknown>): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'))
  const gateway = await spawnGateway({
    folder,
    environment: { ASSAY_PAYER_KEY: `0x${'07'.repeat(32)}` },
    config: { ...settlement, trustCards: true, ...config },
  })
  const close = async () => {
    await gateway.close()
    rmSync(folder, { recursive: true })
  }
  return { url: gateway.url, pid: gateway.pid, kill: () => undefined, close }
}

/** Starts Portkey's gateway, which is told with every request where to go. */
export async function startPortkey(): Promise<Served> {
  const port = await findPort()
  const entry = createRequire(import.meta.url).resolve('@portkey-ai/gateway/package.json')
  const script = join(entry, '..', 'build', 'start-server.js')
  const child = spawn(process.execPath, [script, '--headless', `--port=${port}`], {
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 200; tries++) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return served(child, url)
}

/** What a process used so far: seconds of processor, megabytes of memory. */
export function usageOf({ pid }: Served): { cpuSeconds: number; memoryMb: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const memoryKb = Number(status.match(/VmRSS:\s+(\d+)/)?.[1])
  return { cpuSeconds: ticks / 100, memoryMb: memoryKb / 1024 }
}
