import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import type { Deployment } from '@assay/protocol'

import { childEnvironment } from './config.ts'
import { IndexerEndedError, IndexerPortBusyError, IndexerTimeoutError } from './errors.ts'

export type StartIndexerParameters = {
  deployment: Deployment
  /** Endpoint of the chain. */
  rpcUrl: string
  port: number
  /** Interface to listen on; `127.0.0.1` if not given. */
  hostname?: string
  /** Folder of the embedded database, or URL of a PostgreSQL server; memory if not given. */
  directory?: string
  /** Schema of the database; a database that is kept serves one deployment per schema. */
  schema?: string
  /** File that takes what the indexer prints. */
  log?: string
  /** Called when the indexer ends without having been asked to. */
  onDeath?: (error: IndexerEndedError) => void
  signal?: AbortSignal
}

export type WaitOptions = { timeoutMs?: number; signal?: AbortSignal }

export type Indexer = {
  /** Base of its HTTP interface: `/graphql`, `/export/jobs.jsonl`, `/audit/balance`, `/status`. */
  url: string
  /** Waits until the block is indexed, and with it everything before. */
  waitForBlock(number: number | bigint, options?: WaitOptions): Promise<void>
  /** Waits until what is indexed is the newest block of the chain, also after a reorganisation. */
  waitForHead(options?: WaitOptions): Promise<void>
  /** Asks it to end and waits for that; kills it after ten seconds. */
  stop(): Promise<void>
}

type Head = { number: number; timestamp: number }

const pollMs = 50
const startTimeoutMs = 120_000
const waitTimeoutMs = 60_000
/** Last lines of the log that an error repeats. */
const keptLines = 12
/** What Ponder logs when the chain took back final blocks: it goes on answering and never indexes again. */
const lostChain = 'Encountered unrecoverable reorg'

/** Starts the indexer as a child process and returns once it answers over HTTP. */
export async function startIndexer(parameters: StartIndexerParameters): Promise<Indexer> {
  const { rpcUrl, port, hostname = '127.0.0.1', signal } = parameters
  signal?.throwIfAborted()
  if (!(await isFree(port, hostname))) throw new IndexerPortBusyError({ port, hostname })

  const child = watch(spawnPonder({ ...parameters, hostname }), parameters)
  const stop = () => child.stop()
  const onAbort = () => void stop()
  signal?.addEventListener('abort', onAbort, { once: true })

  const url = `http://${hostname}:${port}`
  const poll = createPoll(child)
  const head = () => readHead(url)
  try {
    const isUp = async () => (await fetch(`${url}/health`)).ok
    await poll(isUp, 'its start', { timeoutMs: startTimeoutMs, ...(signal && { signal }) })
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url,
    waitForBlock: (number, options) =>
      poll(async () => (await head()).number >= Number(number), `block ${number}`, options),
    waitForHead: (options) =>
      poll(async () => isSame(await head(), await readNewest(rpcUrl)), 'the newest block', options),
    async stop() {
      signal?.removeEventListener('abort', onAbort)
      await stop()
    },
  }
}

function spawnPonder(parameters: StartIndexerParameters & { hostname: string }): ChildProcess {
  const { deployment, rpcUrl, port, hostname, directory = 'memory://' } = parameters
  const { schema = 'assay' } = parameters
  const binary = fileURLToPath(new URL('bin/ponder.js', import.meta.resolve('ponder')))
  const options = ['--port', String(port), '--hostname', hostname, '--schema', schema]
  const preload = ['--import', new URL('orphan.ts', import.meta.url).href]
  return spawn(
    process.execPath,
    [...preload, binary, 'start', ...options, '--log-format', 'json'],
    {
      cwd: import.meta.dirname,
      env: childEnvironment({ deployment, rpcUrl, database: directory }),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  )
}

type Child = {
  /** Set once the process ended. */
  error(): IndexerEndedError | undefined
  stop(): Promise<void>
}

/** Keeps the last lines that a child prints, copies all to a log, and tells how and when it ended. */
function watch(child: ChildProcess, parameters: StartIndexerParameters): Child {
  const { log, onDeath } = parameters
  const file = log === undefined ? undefined : createWriteStream(log)
  const lines: string[] = []
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface(stream).on('line', (line) => {
      file?.write(`${line}\n`)
      lines.push(line)
      if (lines.length > keptLines) lines.shift()
      if (line.includes(lostChain)) child.kill('SIGTERM')
    })
  }
  let isAsked = false
  let error: IndexerEndedError | undefined
  const ended = new Promise<void>((resolve) => {
    const end = (code: number | string | null) => {
      if (error !== undefined) return
      file?.end()
      error = new IndexerEndedError({ code, lines })
      if (!isAsked) onDeath?.(error)
      resolve()
    }
    child.once('error', ({ message }) => end(message))
    child.once('close', (code, signal) => end(code ?? signal))
  })
  return {
    error: () => error,
    async stop() {
      isAsked = true
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(timer)
    },
  }
}

/** Returns a function that asks until the answer is yes; a refused connection is a no, an ended child an error. */
function createPoll(child: Child) {
  return async (isDone: () => Promise<boolean>, waitedFor: string, options: WaitOptions = {}) => {
    const { timeoutMs = waitTimeoutMs, signal } = options
    const deadline = performance.now() + timeoutMs
    while (!(await isDone().catch(() => false))) {
      const error = child.error()
      if (error !== undefined) throw error
      if (performance.now() > deadline) throw new IndexerTimeoutError({ waitedFor, timeoutMs })
      await sleep(pollMs, undefined, signal === undefined ? {} : { signal })
    }
  }
}

async function readHead(url: string): Promise<Head> {
  const response = await fetch(`${url}/status`)
  const { assay } = (await response.json()) as { assay: { block: Head } }
  return assay.block
}

async function readNewest(rpcUrl: string): Promise<Head> {
  const params = ['latest', false]
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params }),
  })
  const { result } = (await response.json()) as { result: { number: string; timestamp: string } }
  return { number: Number(result.number), timestamp: Number(result.timestamp) }
}

function isSame(a: Head, b: Head) {
  return a.number === b.number && a.timestamp === b.timestamp
}

/** Ponder takes the next port when one is taken, so a busy one has to be found out before. */
function isFree(port: number, hostname: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, hostname, () => probe.close(() => resolve(true)))
  })
}
