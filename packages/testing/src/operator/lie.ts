import type { ReceiptDocument } from '@assay/protocol/http'
import { receiptTypedData } from '@assay/protocol/receipt'
import { keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

import type { createTestLedger } from './ledger.ts'

/** Ways in which an operator cheats with its receipts. */
export const lies = [
  'noReceipt',
  'wrongSigner',
  'wrongClaim',
  'wrongAnswer',
  'overprice',
  'twoInAPlace',
  'wrongSum',
  'pastDate',
  'wrongModelName',
  'otherLedger',
] as const

export type Lie = (typeof lies)[number]

type Means = {
  signed: (receipt: ReceiptDocument['receipt']) => Promise<`0x${string}`>
  books: ReturnType<typeof createTestLedger>
}

const stranger = privateKeyToAccount(toHex(0xbadn, { size: 32 }))

/** Returns the receipt that a cheating operator gives in place of the right one. */
export async function tamper(
  lie: Lie,
  document: ReceiptDocument,
  { signed, books }: Means,
): Promise<ReceiptDocument | undefined> {
  const { chainId, ledger, receipt, claim } = document
  const resigned = async (change: Partial<typeof receipt>) => {
    const changed = { ...receipt, ...change }
    return { ...document, receipt: changed, signature: await signed(changed) }
  }
  switch (lie) {
    case 'noReceipt':
      return undefined
    case 'wrongSigner': {
      const typed = receiptTypedData({ chainId, ledger, receipt })
      return { ...document, signature: await stranger.signTypedData(typed) }
    }
    case 'wrongClaim':
      return { ...document, claim: { ...claim!, inputHash: keccak256('0x00') } }
    case 'wrongAnswer':
      return resigned({ claimHash: keccak256('0x00') })
    case 'overprice':
      return resigned({ fee: receipt.fee + 1n, cumulativeFee: receipt.cumulativeFee + 1n })
    case 'twoInAPlace': {
      const first = books.channelOf(receipt.payer).documents[0]!.receipt
      return resigned({ sequence: first.sequence, cumulativeFee: first.cumulativeFee })
    }
    case 'wrongSum':
      return resigned({ cumulativeFee: receipt.cumulativeFee + 1n })
    case 'pastDate':
      return resigned({ issuedAt: receipt.issuedAt - 86_400n })
    case 'wrongModelName':
      return { ...document, servedModel: 'other' }
    case 'otherLedger':
      return { ...document, ledger: stranger.address }
  }
}
