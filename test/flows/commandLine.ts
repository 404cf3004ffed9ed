import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCli } from '@assay/node/cli'
import { bytesToHex, type HDAccount, type Hex, numberToHex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'

import { serveChain } from '../faults/support/processes.ts'
import type { Windows } from '../faults/support/suite.ts'

const roles = ['publisher', 'payer', 'operator', 'refuter'] as const

export type Role = (typeof roles)[number]

export type Played = {
  code: number
  out: string
  error: string
  /** What `--json` printed. */
  json: () => Printed
}

/** Content of a report; which fields it has is for the test to know. */
// biome-ignore lint/suspicious/noExplicitAny: parsed text has no type
export type Printed = any

/** A chain with funded roles, and `assay` to act as any of them. */
export async function openCommandLine(chainOptions: { windows?: Windows } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-cli-'))
  const { suite, url, tick, stop } = await serveChain(chainOptions)
  const close = async () => {
    await stop()
    rmSync(folder, { recursive: true })
  }
  const path = (name: string) => join(folder, name)
  const write = (name: string, content: string | Uint8Array) => {
    writeFileSync(path(name), content)
    return path(name)
  }
  write('deployment.json', JSON.stringify(suite.deployment))
  const accounts = roles.map((role, i) => [role, accountAt(10 + i)] as const)
  for (const [role, account] of accounts) {
    await suite.mint(account.address, 1_000)
    write(`${role}.key`, keyOf(account))
    const chain = { rpcUrls: [url] }
    const config = { chain, deployment: 'deployment.json', keyFile: `${role}.key` }
    write(`${role}.json`, JSON.stringify(config))
  }
  const addresses = Object.fromEntries(
    accounts.map(([role, { address }]) => [role, address]),
  ) as Record<Role, Hex>
  /** Runs a command in the name of a role. */
  const as = (role: Role, ...args: string[]) => assay(...args, '--config', path(`${role}.json`))
  return { addresses, as, assay, close, path, suite, tick, url, write }
}

export type CommandLine = Awaited<ReturnType<typeof openCommandLine>>

/** Runs a command in this process. */
export async function assay(...args: string[]): Promise<Played> {
  const text = { out: '', error: '' }
  const code = await runCli({
    arguments: args,
    write: (part) => {
      text.out += part
    },
    writeError: (part) => {
      text.error += part
    },
    signal: new AbortController().signal,
  })
  return { code, ...text, json: () => JSON.parse(text.out) }
}

function accountAt(addressIndex: number): HDAccount {
  const mnemonic = 'test test test test test test test test test test test junk'
  return mnemonicToAccount(mnemonic, { addressIndex })
}

function keyOf(account: HDAccount): Hex {
  return numberToHex(BigInt(bytesToHex(account.getHdKey().privateKey!)), { size: 32 })
}
