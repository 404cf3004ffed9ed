import type { SignedVoucher } from '@assay/protocol/http'
import { saltsOf, verifyAnswer } from '@assay/protocol/http'
import {
  commitContent,
  orderTypedData,
  sessionTypedData,
  voucherTypedData,
} from '@assay/protocol/receipt'
import { type Address, getAddress, type Hash, numberToHex, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'

import { openJournal } from '../journal/openJournal.ts'
import { systemClock } from '../support/clock.ts'
import { type CreateIssuerParameters, createIssuer } from './createIssuer.ts'
import { createTabFunder } from './createTabFunder.ts'
import type { Tab, TabReader } from './createTabReader.ts'
import {
  AdmissionMisusedError,
  ChannelBusyError,
  RequestReusedError,
  RequestUnderWayError,
  VoucherRefusedError,
} from './errors.ts'
import type { Answered, Payment } from './issuer.ts'

const keyOf = (n: number) => privateKeyToAccount(numberToHex(n, { size: 32 }))
const [operator, payer, key] = [keyOf(1), keyOf(2), keyOf(3)]
const deployment = { chainId: 31337, ledger: getAddress(`0x${'1e'.repeat(20)}`) } as const
const hash = (n: number): Hash => numberToHex(n, { size: 32 })
const text = (value: string) => new TextEncoder().encode(value)

type Options = Partial<CreateIssuerParameters> & { tab?: Partial<Tab>; path?: string }

/** An issuer whose payers have 1,000 in their tabs. */
function setUp({ tab, path = ':memory:', ...overrides }: Options = {}) {
  const clock = { ...systemClock, now: () => now.ms }
  const now = { ms: 1_700_000_000_000 }
  const journal = openJournal({
    ...{ path, clock },
    owner: { chainId: 31337, market: zeroAddress, account: operator.address },
  })
  const state: Tab = { funded: 1_000n, spent: 0n, thawedAt: 0n, epoch: 0, ...tab }
  const contracts = new Set<Address>()
  const tabs: TabReader = {
    read: async () => ({ ...state }),
    forget: () => undefined,
    isSignedByContract: async (account) => contracts.has(account),
  }
  const planned: string[] = []
  const fundTab = createTabFunder({
    ...{ journal, deployment, tabs, minimum: 100n },
    observe: ({ intent }) => void planned.push(intent.key),
  })
  const steps: string[] = []
  const issuer = createIssuer({
    ...{ deployment, operator: operator.address, journal, clock, tabs, fundTab },
    sign: (id) => operator.sign({ hash: id }),
    observe: ({ type }) => void steps.push(type),
    ...overrides,
  })
  return { issuer, journal, now, state, steps, planned, contracts }
}

async function sign(cap: bigint, overrides: Partial<typeof deployment> & { to?: Address } = {}) {
  const voucher = { payer: payer.address, operator: overrides.to ?? operator.address, cap }
  const typed = voucherTypedData({ ...deployment, ...overrides, voucher })
  return { ...voucher, signature: await payer.signTypedData(typed) }
}

async function signBySession(cap: bigint, expiry: bigint, sessionCap = 10_000n) {
  const session = {
    ...{ payer: payer.address, key: key.address, operator: zeroAddress },
    ...{ cap: sessionCap, expiry },
  }
  const consent = await payer.signTypedData(sessionTypedData({ ...deployment, session }))
  const voucher = { payer: payer.address, operator: operator.address, cap }
  const signature = await key.signTypedData(voucherTypedData({ ...deployment, voucher }))
  return { ...voucher, signature, session: { ...session, signature: consent } }
}

const tabOf = (voucher: SignedVoucher): Payment => ({ kind: 'tab', voucher })

function answer(requestId: Hash, fee: bigint, body = 'answer'): Answered {
  const secret = hash(77)
  const salts = saltsOf(secret)
  return {
    ...{ requestId, fee, secret, isSecretOurs: true, model: hash(5), evidenceHash: hash(0) },
    inputHash: commitContent({ salt: salts.input, content: text('question') }),
    outputHash: commitContent({ salt: salts.output, content: text(body) }),
    ...{ unitsIn: 3n, unitsOut: 4n, servedModel: 'gpt', usage: 'upstream', content: 'bytes' },
    ...{ privacy: 'hashed', request: text('question') },
    reply: { contentType: 'application/json', body: text(body) },
  }
}

type Issuer = ReturnType<typeof createIssuer>

async function admit(issuer: Issuer, n: number, payment: Payment, quote = 100n, body = 0) {
  const request = { requestId: hash(n), requestHash: hash(body), payment, quote }
  const admitted = await issuer.admit(request)
  if (admitted.kind === 'repeated') throw new Error('repeated')
  return admitted.admission
}

async function serve(issuer: Issuer, n: number, payment: Payment, fee = 10n) {
  const admission = await admit(issuer, n, payment)
  return admission.issue(answer(hash(n), fee))
}

const refused = (code: string) => expect.objectContaining({ name: 'VoucherRefusedError', code })

test('default: an answer has a receipt that its client can check', async () => {
  const { issuer, steps } = setUp()
  const document = await serve(issuer, 1, tabOf(await sign(500n)))
  await verifyAnswer({
    ...{ document, requestId: hash(1), quote: 100n },
    ...{ request: text('question'), response: text('answer') },
  })
  expect(document.receipt).toMatchObject({ sequence: 1n, fee: 10n, cumulativeFee: 10n })
  expect(document.secret).toBe(hash(77))
  expect(steps).toEqual(['receiptsWritten', 'receiptsSigned', 'receiptsStored'])
})

test('behavior: receipts of a channel follow each other without gaps, however they overlap', async () => {
  const { issuer, journal } = setUp({ tab: { funded: 100_000n } })
  const payment = tabOf(await sign(50_000n))
  const admissions = await Promise.all(
    Array.from({ length: 200 }, (_, i) => admit(issuer, i + 1, payment)),
  )
  expect(issuer.channelOf(payer.address).reserved).toBe(20_000n)
  for (const failed of admissions.splice(50, 50)) failed.cancel()
  const documents = await Promise.all(
    admissions
      .toReversed()
      .map((admission, i) => admission.issue(answer(hash(i), BigInt(i % 100)))),
  )
  const receipts = documents.map(({ receipt }) => receipt)
  expect(receipts.map(({ sequence }) => sequence)).toEqual(receipts.map((_, i) => BigInt(i + 1)))
  let sum = 0n
  for (const { fee, cumulativeFee } of receipts) {
    sum += fee
    expect(cumulativeFee).toBe(sum)
  }
  const state = { sequence: 150n, cumulativeFee: sum, reserved: 0n, cap: 50_000n }
  expect(issuer.channelOf(payer.address)).toMatchObject(state)
  expect(journal.receipts.after(payer.address, 100n, 1_000)).toHaveLength(50)
})

test('behavior: a repeated request gets the same answer and the same receipt, and pays once', async () => {
  const { issuer } = setUp()
  const payment = tabOf(await sign(100n))
  const document = await serve(issuer, 1, payment)
  const request = { requestId: hash(1), requestHash: hash(0), payment, quote: 100n }
  expect(await issuer.admit(request)).toEqual({
    ...{ kind: 'repeated', document },
    reply: { contentType: 'application/json', body: text('answer') },
  })
  expect(issuer.channelOf(payer.address)).toMatchObject({ sequence: 1n, reserved: 0n })
})

test('error: a name comes back with another request, or while it is being answered', async () => {
  const { issuer } = setUp()
  const payment = tabOf(await sign(500n))
  await serve(issuer, 1, payment)
  await expect(admit(issuer, 1, payment, 1n, 9)).rejects.toThrow(RequestReusedError)
  const admission = await admit(issuer, 2, payment)
  await expect(admit(issuer, 2, payment)).rejects.toThrow(RequestUnderWayError)
  admission.cancel()
  await admit(issuer, 2, payment)
})

test('behavior: names of one payer are nothing to another', async () => {
  const { issuer } = setUp()
  await serve(issuer, 1, tabOf(await sign(500n)))
  const free = await admit(issuer, 1, { kind: 'free' })
  const { receipt } = await free.issue(answer(hash(1), 0n))
  expect(receipt).toMatchObject({ payer: zeroAddress, sequence: 1n, cumulativeFee: 0n })
})

test('behavior: what was paid by other means charges nothing and shows how', async () => {
  const { issuer } = setUp()
  const scheme = 'x402' as const
  const where = { scheme, network: 'eip155:31337', asset: zeroAddress, transaction: hash(8) }
  const proof = { ...where, amount: 7n }
  const paid: Payment = { kind: 'paid', payer: payer.address }
  const admission = await admit(issuer, 1, paid)
  await expect(admission.issue(answer(hash(1), 1n))).rejects.toThrow(AdmissionMisusedError)
  const document = await admission.issue({ ...answer(hash(1), 0n), payment: proof })
  expect(document).toMatchObject({ payment: proof, receipt: { fee: 0n, payer: payer.address } })
})

test('error: the cap does not cover what was answered, what is being answered, and this', async () => {
  const { issuer } = setUp()
  const payment = tabOf(await sign(210n))
  await serve(issuer, 1, payment)
  const admission = await admit(issuer, 2, payment)
  const numbers = { quote: 101n, sequence: 1n, cumulativeFee: 10n, reserved: 100n }
  const short = await admit(issuer, 3, payment, 101n).catch((error) => error)
  expect(short).toMatchObject({ code: 'voucher_short', numbers })
  const other = await admit(issuer, 4, payment, 100n)
  other.cancel()
  admission.cancel()
  await admit(issuer, 5, payment, 200n)
})

test('error: the tab does not cover it, or is being taken back', async () => {
  const { issuer, state } = setUp({ tab: { funded: 150n } })
  const payment = tabOf(await sign(500n))
  await admit(issuer, 1, payment)
  await expect(admit(issuer, 2, payment)).rejects.toEqual(refused('tab_short'))
  state.funded = 1_000n
  state.thawedAt = 1_800_000_000n
  await expect(admit(issuer, 3, payment)).rejects.toEqual(refused('tab_thawing'))
})

test('behavior: requests that are admitted at once do not share what is left', async () => {
  const { issuer } = setUp({ tab: { funded: 250n } })
  const payment = tabOf(await sign(500n))
  const results = await Promise.allSettled([1, 2, 3, 4].map((n) => admit(issuer, n, payment)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
})

test('behavior: an order that helps is carried out once, and counts when the tab says so', async () => {
  const { issuer, state, planned } = setUp({ tab: { funded: 0n } })
  const voucher = await sign(500n)
  const order = { payer: payer.address, operator: operator.address, total: 400n, epoch: 0 }
  const signature = await payer.signTypedData(orderTypedData({ ...deployment, order }))
  const payment: Payment = { kind: 'tab', voucher, order: { ...order, signature } }
  for (const n of [1, 2]) {
    await expect(admit(issuer, n, payment)).rejects.toEqual(refused('tab_short'))
  }
  expect(planned).toEqual([`${payer.address}:fundTab:0:400`])
  state.funded = 400n
  await admit(issuer, 3, payment)
})

test.each([
  ['of another epoch', { epoch: 1 }],
  ['that is too little', { total: 90n }],
  ['below the minimum', { total: 99n }],
  ['for another operator', { operator: key.address }],
  ['signed by somebody else', {}, key],
] as const)('behavior: an order %s is not carried out', async (_, change, signer = payer) => {
  const { issuer, planned } = setUp({ tab: { funded: 0n } })
  const order = {
    ...{ payer: payer.address, operator: operator.address, total: 400n, epoch: 0 },
    ...change,
  }
  const signature = await signer.signTypedData(orderTypedData({ ...deployment, order }))
  const payment = { ...tabOf(await sign(500n)), order: { ...order, signature } } as Payment
  const quote = order.total === 99n ? 50n : 100n
  await expect(admit(issuer, 1, payment, quote)).rejects.toEqual(refused('tab_short'))
  expect(planned).toEqual([])
})

test.each([
  ['another chain', { chainId: 1 }],
  ['another ledger', { ledger: zeroAddress }],
  ['another operator', { to: key.address }],
] as const)('error: a voucher is for %s', async (_, overrides) => {
  const { issuer, journal } = setUp()
  const voucher = await sign(500n, overrides as { to?: Address })
  await expect(admit(issuer, 1, tabOf(voucher))).rejects.toEqual(refused('voucher_invalid'))
  expect(journal.channels.read(payer.address).voucher).toBeUndefined()
})

test('error: a voucher that names another operator than it was signed for', async () => {
  const { issuer } = setUp()
  const voucher = { ...(await sign(500n, { to: key.address })), operator: operator.address }
  await expect(admit(issuer, 1, tabOf(voucher))).rejects.toEqual(refused('voucher_invalid'))
})

test('error: a signature with the greater value of s', async () => {
  const { issuer } = setUp()
  const voucher = await sign(500n)
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const s = order - BigInt(`0x${voucher.signature.slice(66, 130)}`)
  const v = voucher.signature.endsWith('1b') ? '1c' : '1b'
  const flipped =
    `${voucher.signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}` as const
  const payment = tabOf({ ...voucher, signature: flipped as `0x${string}` })
  await expect(admit(issuer, 1, payment)).rejects.toEqual(refused('voucher_invalid'))
})

test('behavior: a session key signs for its payer until shortly before it expires', async () => {
  const { issuer, now } = setUp()
  const expiry = BigInt(now.ms / 1_000) + 200n
  const payment = tabOf(await signBySession(500n, expiry))
  await serve(issuer, 1, payment)
  now.ms += 81_000
  await expect(admit(issuer, 2, payment)).rejects.toEqual(refused('voucher_expiring'))
  await admit(issuer, 3, tabOf(await signBySession(500n, expiry + 1_000n)))
  const over = tabOf(await signBySession(501n, expiry + 1_000n, 400n))
  await expect(admit(issuer, 4, over)).rejects.toEqual(refused('voucher_invalid'))
})

test('behavior: a payer that is a contract consents by ERC-1271', async () => {
  const { issuer, journal, contracts } = setUp()
  const wallet = getAddress(`0x${'c0'.repeat(20)}`)
  const voucher = { payer: wallet, operator: operator.address, cap: 500n, signature: '0x1234' }
  const payment = tabOf(voucher as SignedVoucher)
  await expect(admit(issuer, 1, payment)).rejects.toEqual(refused('voucher_invalid'))
  contracts.add(wallet)
  await admit(issuer, 2, payment)
  expect(journal.channels.read(wallet)).toMatchObject({ isContract: true })
})

test('behavior: only a voucher with a higher cap is kept, and one that was refused gives way', async () => {
  const { issuer, journal } = setUp()
  const high = await sign(300n)
  await admit(issuer, 1, tabOf(high))
  await admit(issuer, 2, tabOf(await sign(200n)))
  const channel = journal.channels.read(payer.address)
  expect(channel.voucher).toMatchObject({ cap: 300n })
  journal.channels.write({ ...channel, refusal: 'SessionRefused' })
  await expect(admit(issuer, 3, tabOf(high))).rejects.toEqual(refused('voucher_refused'))
  await admit(issuer, 4, tabOf(await sign(299n)), 50n)
  const after = journal.channels.read(payer.address)
  expect(after).toMatchObject({ voucher: { cap: 299n }, refusal: undefined })
})

test('behavior: a clock that is set back does not put a receipt before the last one', async () => {
  const { issuer, now } = setUp()
  const payment = tabOf(await sign(500n))
  const first = await serve(issuer, 1, payment)
  now.ms -= 3_600_000
  const second = await serve(issuer, 2, payment)
  expect(second.receipt.issuedAt).toBe(first.receipt.issuedAt)
})

test('error: a receipt charges more than the quote, or comes twice', async () => {
  const { issuer } = setUp()
  const admission = await admit(issuer, 1, tabOf(await sign(500n)))
  const issue = (fee: bigint) => admission.issue(answer(hash(1), fee))
  await expect(issue(101n)).rejects.toThrow(AdmissionMisusedError)
  await issue(100n)
  await expect(issue(1n)).rejects.toThrow(AdmissionMisusedError)
  expect(issuer.channelOf(payer.address)).toMatchObject({ sequence: 1n, cumulativeFee: 100n })
})

test('error: a channel has more under way than it may', async () => {
  const { issuer } = setUp({ maxUnderWay: 2 })
  for (const n of [1, 2]) await admit(issuer, n, { kind: 'free' })
  await expect(admit(issuer, 3, { kind: 'free' })).rejects.toThrow(ChannelBusyError)
})

test('behavior: a receipt that no signature was found for is signed as it was written', async () => {
  let isBroken = true
  const sign_ = (id: Hash) => {
    if (isBroken) throw new Error('the key store is away')
    return operator.sign({ hash: id })
  }
  const { issuer, journal } = setUp({ sign: sign_ })
  const payment = tabOf(await sign(500n))
  await expect(serve(issuer, 1, payment)).rejects.toThrow()
  const [written] = journal.receipts.unsigned()
  isBroken = false
  await issuer.recover()
  expect(journal.receipts.unsigned()).toEqual([])
  const request = { requestId: hash(1), requestHash: hash(0), payment, quote: 100n }
  const repeated = await issuer.admit(request)
  expect(repeated).toMatchObject({ document: { receipt: written!.document.receipt } })
})

test('error: what a voucher is refused for is an error of ours', async () => {
  const { issuer } = setUp()
  await expect(admit(issuer, 1, tabOf(await sign(1n)))).rejects.toThrow(VoucherRefusedError)
})
