/**
 * An issuer that its next step kills: `crashingIssuer.ts JOURNAL REQUESTS STEP`. It answers requests 1 to REQUESTS, three at a
 * time, and prints each receipt that it hands out. `compose` is within the transaction that writes receipts.
 */
import { writeSync } from 'node:fs'
import { createIssuer, openJournal, type Payment, systemClock } from '@assay/node'
import { toReceiptJson } from '@assay/protocol/http'
import { voucherTypedData } from '@assay/protocol/receipt'
import { type Hash, numberToHex, zeroAddress, zeroHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

const [path, requests, fatal] = process.argv.slice(2) as [string, string, string]
const operator = privateKeyToAccount(numberToHex(1, { size: 32 }))
const payer = privateKeyToAccount(numberToHex(2, { size: 32 }))
const deployment = { chainId: 31337, ledger: zeroAddress }

function reach(step: string) {
  if (step !== fatal) return
  writeSync(1, `${JSON.stringify({ msg: 'killed', step })}\n`)
  process.kill(process.pid, 'SIGKILL')
}

const journal = openJournal({
  ...{ path, clock: systemClock },
  owner: { chainId: 31337, market: zeroAddress, account: operator.address },
})
const { receipts } = journal
const issuer = createIssuer({
  ...{ deployment, operator: operator.address, clock: systemClock },
  journal: {
    ...journal,
    receipts: {
      ...receipts,
      append(receipt) {
        const ordinal = receipts.append(receipt)
        reach('compose')
        return ordinal
      },
    },
  },
  tabs: {
    read: async () => ({ funded: 10n ** 18n, spent: 0n, thawedAt: 0n, epoch: 0 }),
    forget: () => undefined,
    isSignedByContract: async () => false,
  },
  sign(id) {
    reach('sign')
    return operator.sign({ hash: id })
  },
  fundTab: async () => false,
  observe: ({ type }) => reach(type),
})

async function serve(n: number, payment: Payment) {
  const requestId = numberToHex(n, { size: 32 })
  const request = { requestId, requestHash: zeroHash, payment, quote: 100n }
  const admitted = await issuer.admit(request)
  if (admitted.kind === 'repeated') return admitted.document
  const hash: Hash = zeroHash
  return admitted.admission.issue({
    ...{ requestId, model: hash, inputHash: hash, outputHash: hash, evidenceHash: hash },
    // What is random in an answer is another one when it is given again.
    ...{ fee: BigInt(n % 7), unitsIn: BigInt(Math.floor(Math.random() * 1e9)), unitsOut: 1n },
    ...{ servedModel: 'm', usage: 'upstream', content: 'bytes', privacy: 'hashed' },
    ...{ secret: hash, isSecretOurs: false, request: new Uint8Array() },
    reply: { contentType: 'application/json', body: new Uint8Array([n]) },
  })
}

await issuer.recover()
const voucher = { payer: payer.address, operator: operator.address, cap: 10n ** 18n }
const signature = await payer.signTypedData(voucherTypedData({ ...deployment, voucher }))
const payment: Payment = { kind: 'tab', voucher: { ...voucher, signature } }
for (let n = 1; n <= Number(requests); n += 3) {
  const documents = await Promise.all([n, n + 1, n + 2].map((each) => serve(each, payment)))
  for (const document of documents) {
    writeSync(1, `${JSON.stringify({ msg: 'receipt', document: toReceiptJson(document) })}\n`)
  }
}
journal.close()
writeSync(1, `${JSON.stringify({ msg: 'done' })}\n`)
