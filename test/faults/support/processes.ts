import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { saveProgram } from '@assay/tensor/node'
import { network } from 'hardhat'
import { bytesToHex, http, type LocalAccount } from 'viem'
import { onTestFinished } from 'vitest'

import { deploySuite, type Suite, type Windows } from './suite.ts'

/** A chain that listens on the loopback interface, with the suite on it. */
export async function serveChain({ windows }: { windows?: Windows } = {}) {
  const server = await network.createServer({ network: 'default' }, '127.0.0.1', 0)
  const { address, port } = await server.listen()
  const url = `http://${address}:${port}`
  const suite = await deploySuite({
    transport: http(url, { retryCount: 0 }),
    ...(windows === undefined ? {} : { windows }),
  })
  return {
    url,
    suite,
    async tick(ms: number) {
      await suite.chain.setAutomine(false)
      await suite.chain.request({ method: 'evm_setIntervalMining', params: [ms] as never })
    },
    stop: () => server.close(),
  }
}

export type WriteConfigParameters = {
  suite: Suite
  account: LocalAccount
  rpcUrl: string
  port: number
  overrides?: Record<string, unknown>
}

/** Writes what a daemon is told into a folder of its own; returns the file. */
export async function writeConfig(parameters: WriteConfigParameters): Promise<string> {
  const { suite, account, rpcUrl, port, overrides } = parameters
  const folder = mkdtempSync(join(tmpdir(), 'assay-node-'))
  mkdirSync(join(folder, 'data'))
  await saveProgram({ folder: join(folder, 'model'), program: suite.program })
  writeFileSync(join(folder, 'deployment.json'), JSON.stringify(suite.deployment))
  const key = account.source === 'hd' ? hdKeyOf(account) : undefined
  writeFileSync(join(folder, 'key'), key ?? '')
  const config = {
    chain: { rpcUrls: [rpcUrl], pollMs: 50, confirmations: 2, reorgDepth: 16, drainMs: 3_000 },
    deployment: 'deployment.json',
    dataDir: 'data',
    keyFile: 'key',
    models: [{ version: suite.model, folder: 'model' }],
    http: { port },
    answering: { mode: 'direct' },
    settling: { delaySeconds: 0 },
    ...overrides,
  }
  const file = join(folder, 'config.json')
  writeFileSync(file, JSON.stringify(config))
  return file
}

function hdKeyOf(account: LocalAccount) {
  const { getHdKey } = account as unknown as { getHdKey: () => { privateKey: Uint8Array } }
  return bytesToHex(getHdKey().privateKey)
}

export type StartedProcess = {
  child: ChildProcess
  /** Everything it wrote, line by line. */
  lines: string[]
  errors: string[]
  /** Exit code, or the signal that killed it. */
  ended: Promise<number | string>
}

/** Starts a script of the repository as a process of its own. */
export function startProcess(script: string, arguments_: readonly string[]): StartedProcess {
  const child = spawn(process.execPath, [script, ...arguments_], {
    // Processes that are killed again and again should at least start quickly.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'assay-compile-cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  const errors: string[] = []
  collect(child.stdout, lines)
  collect(child.stderr, errors)
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  return { child, lines, errors, ended }
}

function collect(stream: NodeJS.ReadableStream, lines: string[]) {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const parts = `${rest}${text}`.split('\n')
    rest = parts.pop()!
    lines.push(...parts)
  })
}

/** Returns the lines of a process's JSON log that say `message`. */
export function linesOf({ lines }: StartedProcess, message: string) {
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === message)
}

export const cli = 'packages/cli/src/main.ts'
