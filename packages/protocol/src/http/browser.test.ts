import { execFileSync } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { type Hash, keccak256, stringToBytes, toHex, zeroHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { build, type Rolldown } from 'vite'
import { beforeAll, expect, test } from 'vitest'

import { hashClaim } from '../claim/hashClaim.ts'
import { eventContent, saltsOf, toReceiptJson } from '../exports/http.ts'
import { commitContent, receiptTypedData, servedModelOf } from '../exports/receipt.ts'

const chromium = '/usr/bin/chromium'
const hasChromium = existsSync(chromium)
if (!hasChromium)
  console.warn(`SKIPPED: ${chromium} is absent; receipts are checked in a bare context only.`)

const request = '{"model":"echo","stream":true}'
const secret = keccak256('0x5ec7')
const account = privateKeyToAccount(toHex(1n, { size: 32 }))
const ledger = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const events = ['{"choices":[{"delta":{"content":"hé"}}]}', '{"choices":[]}']

let bundle: string
let stream: string

beforeAll(async () => {
  const entry = fileURLToPath(new URL('../exports/http.ts', import.meta.url))
  const lib = { entry, formats: ['iife' as const], name: 'assay' }
  const built = await build({
    ...{ configFile: false, logLevel: 'silent' },
    build: { write: false, lib, minify: true },
  })
  const [{ output }] = built as Rolldown.RolldownOutput[] as [Rolldown.RolldownOutput]
  bundle = output[0].code
  stream = await createStream()
})

/** A stream as an operator sends it. */
async function createStream() {
  const salts = saltsOf(secret)
  const claim = {
    ...{ requestId: keccak256('0x1d'), model: keccak256('0x02'), operator: account.address },
    inputHash: commitContent({ salt: salts.input, content: stringToBytes(request) }),
    outputHash: commitContent({ salt: salts.output, content: eventContent(events) }),
    evidenceHash: zeroHash,
  }
  const receipt = {
    ...{ claimHash: hashClaim(claim), payer: account.address, operator: account.address },
    ...{ sequence: 1n, fee: 25n, cumulativeFee: 25n, servedModel: servedModelOf('echo-1') },
    ...{ unitsIn: 5n, unitsOut: 4n, issuedAt: 1_700_000_000n },
  }
  const typed = receiptTypedData({ chainId: 31337, ledger, receipt })
  const document = toReceiptJson({
    ...{ version: 1, chainId: 31337, ledger, receipt, claim, servedModel: 'echo-1' },
    ...{ signature: await account.signTypedData(typed), usage: 'upstream', content: 'events' },
  })
  const last = JSON.stringify({ choices: [], inference_receipt: document })
  return [...events, last, '[DONE]'].map((data) => `data: ${data}\n\n`).join('')
}

/** What a page does with an answer that it kept: resolves with "sound", or with the name of the error. */
function programOf(given: { stream: string; secret: Hash; request: string }) {
  return `(async ({ stream, secret, request }) => {
    try {
      const { content: response, document } = assay.readAnswerStream(stream)
      const bytes = new TextEncoder().encode(request)
      await assay.verifyAnswer({ document, secret, request: bytes, response })
      return 'sound'
    } catch (error) {
      return error.name
    }
  })(${JSON.stringify(given)})`
}

const cases = [
  ['default: an answer as it was sent', {}, 'sound'],
  ['error: another request', { request: request.replace('echo', 'else') }, 'AnswerMismatchError'],
  ['error: another answer', { change: ['hé', 'ha'] }, 'AnswerMismatchError'],
  ['error: another fee', { change: ['"fee":"25"', '"fee":"24"'] }, 'SignerMismatchError'],
  ['error: no receipt', { change: ['inference_receipt', 'other'] }, 'WireFormatError'],
] as const

function givenOf({ change, ...rest }: { request?: string; change?: readonly [string, string] }) {
  const changed = change === undefined ? stream : stream.replace(change[0], change[1])
  return { stream: changed, secret, request, ...rest }
}

test.each(cases)('%s, where there is nothing of Node', async (_, changes, expected) => {
  const globals = { TextEncoder, TextDecoder, URL, atob, btoa, crypto: webcrypto, AbortController }
  const context = createContext({ ...globals, setTimeout, clearTimeout })
  runInContext(bundle, context)
  expect(await runInContext(programOf(givenOf(changes)), context)).toBe(expected)
})

test.skipIf(!hasChromium)(
  'behavior: the same in a browser',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-'))
    try {
      const page = join(folder, 'page.html')
      const programs = cases.map(([, changes]) => programOf(givenOf(changes))).join(',')
      const script = `${bundle}\nPromise.all([${programs}]).then((seen) => document.title = seen.join())`
      writeFileSync(
        page,
        `<meta charset="utf-8"><script>${script.replaceAll('</script', '<\\/script')}</script>`,
      )
      const flags = [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
      ]
      const profile = `--user-data-dir=${join(folder, 'profile')}`
      const arguments_ = [
        ...flags,
        profile,
        '--virtual-time-budget=10000',
        '--dump-dom',
        `file://${page}`,
      ]
      const dom = execFileSync(chromium, arguments_, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const expected = cases.map(([, , result]) => result).join()
      expect(dom).toContain(`<title>${expected}</title>`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  60_000,
)
