import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal, systemClock } from '@assay/node'
import { parseReceiptDocument, type ReceiptDocument } from '@assay/protocol/http'
import { receiptIdOf, verifyReceipt } from '@assay/protocol/receipt'
import { numberToHex, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'

import { linesOf, startProcess } from './support/processes.ts'

const script = 'test/faults/support/crashingIssuer.ts'
const account = privateKeyToAccount(numberToHex(1, { size: 32 })).address
const payer = privateKeyToAccount(numberToHex(2, { size: 32 })).address
const steps = ['compose', 'receiptsWritten', 'sign', 'receiptsSigned', 'receiptsStored']

/** Runs the issuer until its next step kills it, or it is done; returns the receipts that it handed out. */
async function run(path: string, requests: number, step: string) {
  const process = startProcess(script, [path, String(requests), step])
  const ended = await process.ended
  expect(ended).toBe(step === 'none' ? 0 : 'SIGKILL')
  return linesOf(process, 'receipt').map(({ document }) => parseReceiptDocument(document))
}

test('behavior: an issuer killed at every step signs no two receipts for one place', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'assay-issuer-')), 'journal.sqlite')
  const seen: ReceiptDocument[] = []
  for (const [round, step] of steps.entries()) {
    seen.push(...(await run(path, 3 * (round + 1), step)))
  }
  const documents = await run(path, 18, 'none')
  seen.push(...documents)

  const ids = new Map<bigint, string>()
  for (const { receipt, signature, chainId, ledger } of seen) {
    await verifyReceipt({ chainId, ledger, receipt, signature })
    const id = receiptIdOf({ chainId, ledger, receipt })
    expect(ids.get(receipt.sequence) ?? id).toBe(id)
    ids.set(receipt.sequence, id)
  }
  const receipts = documents.map(({ receipt }) => receipt)
  expect(receipts.map(({ sequence }) => Number(sequence)).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 18 }, (_, i) => i + 1),
  )
  const sum = receipts.reduce((total, { fee }) => total + fee, 0n)
  const journal = openJournal({
    ...{ path, clock: systemClock },
    owner: { chainId: 31337, market: zeroAddress, account },
  })
  const channel = journal.channels.read(payer)
  const unsigned = journal.receipts.unsigned()
  journal.close()
  expect(channel).toMatchObject({ sequence: 18n, cumulativeFee: sum })
  expect(unsigned).toEqual([])
}, 120_000)
