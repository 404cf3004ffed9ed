import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Claim, hashClaim } from '@assay/protocol'
import {
  decodeOrderHeader,
  encodeReceiptHeader,
  type ReceiptDocument,
  receiptField,
  toReceiptJson,
} from '@assay/protocol/http'
import {
  type Receipt,
  receiptIdOf,
  receiptTree,
  receiptTypedData,
  servedModelOf,
} from '@assay/protocol/receipt'
import { pathOf } from '@assay/protocol/tree'
import { fundTab, type SettleReceiptsReturnType, settleReceipts, signVoucher } from '@assay/sdk'
import { commitTrace, encodeTrace, executeTrace, type Trace } from '@assay/tensor'
import { corruptElement, createRandom } from '@assay/tensor/examples'
import { loadProgram } from '@assay/tensor/node'
import { getAddress, type Hash, keccak256, type LocalAccount, zeroHash } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'

import { buildModel } from '../../packages/tensor/src/import/tflite/testing/buildModel.ts'
import { codes } from '../../packages/tensor/src/import/tflite/testing/specs.ts'
import { accountAt, dollars } from '../faults/support/suite.ts'
import { type CommandLine, openCommandLine, type Printed, type Role } from './commandLine.ts'

const [payer, operator, refuter] = [accountAt(11), accountAt(12), accountAt(13)]
const fee = dollars(1)
const stranger = getAddress(`0x${'57'.repeat(20)}`)

let line: CommandLine
/** Place in the channel of the next receipt. */
let sequence = 0n
let slot = 0

beforeAll(async () => {
  line = await openCommandLine()
  await done('operator', 'stake', 'add', '200', '--for', 'receipts')
  await line.suite.chain.increaseTime({ seconds: 60 })
  await done('operator', 'stake', 'activate', '--for', 'receipts')
  await done('operator', 'pledge', '150')
  await done('payer', 'deposit', '100', '--for', 'receipts')
  await done('refuter', 'deposit', '10', '--for', 'receipts')
  return line.close
})

async function done(role: Role, ...args: string[]): Promise<Printed> {
  const played = await line.as(role, ...args, '--json')
  expect(played).toMatchObject({ code: 0, error: '' })
  return played.json()
}

async function fails(code: number, role: Role, ...args: string[]): Promise<string> {
  const played = await line.as(role, ...args)
  expect([played.code, played.out, played.error]).toEqual([code, '', expect.stringMatching(/./)])
  return played.error
}

async function pass(seconds: number) {
  await line.suite.chain.increaseTime({ seconds })
  await line.suite.chain.mine({ blocks: 1 })
}

type Issue = { receipt?: Partial<Receipt>; claim?: Claim; signer?: LocalAccount }

/** A receipt of the operator for the payer, at the channel's next place by default. */
async function issue({ claim, signer = operator, ...given }: Issue = {}): Promise<ReceiptDocument> {
  const { chainId, ledger } = line.suite.deployment
  const { timestamp } = await line.suite.chain.getBlock()
  const place = given.receipt?.sequence ?? ++sequence
  const receipt: Receipt = {
    claimHash: claim === undefined ? keccak256('0xc1') : hashClaim(claim),
    ...{ payer: payer.address, operator: operator.address, sequence: place },
    ...{ fee, cumulativeFee: place * fee, servedModel: servedModelOf('small') },
    ...{ unitsIn: 1n, unitsOut: 2n, issuedAt: timestamp, ...given.receipt },
  }
  const signature = await signer.signTypedData(receiptTypedData({ chainId, ledger, receipt }))
  return {
    ...{ version: 1, chainId, ledger, receipt, signature, ...(claim && { claim }) },
    ...{ servedModel: 'small', usage: 'upstream', content: claim ? 'tensor' : 'bytes' },
  }
}

const idOf = (document: ReceiptDocument) => receiptIdOf(document)

let files = 0
function keep(document: ReceiptDocument) {
  return line.write(`receipt-${++files}.json`, JSON.stringify(toReceiptJson(document)))
}

/** Collects the payer's channel up to a receipt, or more than it says, in a batch that holds `documents`. */
async function settle(
  { receipt }: ReceiptDocument,
  { excess = 0n, documents = [] as readonly ReceiptDocument[] } = {},
): Promise<SettleReceiptsReturnType> {
  const { deployment, clientOf } = line.suite
  const cumulativeFee = receipt.cumulativeFee + excess
  const about = { deployment, operator: operator.address }
  const voucher = await signVoucher(clientOf(payer), { ...about, cap: cumulativeFee })
  const tree = documents.length === 0 ? undefined : receiptTree(documents.map(idOf))
  return settleReceipts(clientOf(operator), {
    ...{ deployment, index: slot++ },
    ...(tree && { root: tree.root, count: BigInt(documents.length) }),
    collections: [{ voucher, sequence: receipt.sequence, cumulativeFee }],
  })
}

/** Serves what it is given by path. */
async function serve(answers: Record<string, string | Uint8Array>) {
  const server = createServer((request, response) => {
    const found = answers[request.url ?? '']
    response.writeHead(found === undefined ? 404 : 200).end(found)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

describe('standing behind receipts', () => {
  test('default: stake for all models is added, thaws and is taken out', async () => {
    const receipts = ['--for', 'receipts']
    const added = await line.as('publisher', 'stake', 'add', '10', ...receipts)
    expect(added.out).toContain('assay stake activate --for receipts')
    expect(await done('publisher', 'stake', 'show', ...receipts)).toMatchObject({
      ...{ version: zeroHash, for: 'receipts', active: '0', pending: '10000000' },
    })
    await pass(60)
    expect(await done('publisher', 'stake', 'activate', ...receipts)).toMatchObject({
      active: '10000000',
    })
    await done('publisher', 'pledge', '6')
    expect(await fails(5, 'publisher', 'stake', 'thaw', '5', ...receipts)).toContain(
      'InsufficientUnreservedStake',
    )
    await done('publisher', 'stake', 'thaw', '4', ...receipts)
    await pass(600)
    expect(await done('publisher', 'stake', 'withdraw', ...receipts)).toMatchObject({
      amount: '4000000',
    })
  })

  test('error: a version for receipts, and none or no amount for answers', async () => {
    const { model } = line.suite
    const receipts = ['--for', 'receipts']
    for (const args of [
      ['add', model, '1', ...receipts],
      ['show', model, ...receipts],
      ['add', ...receipts],
      ['add', '1'],
      ['add', model],
      ['show'],
      ['thaw', '0x12', '1'],
    ]) {
      await fails(2, 'publisher', 'stake', ...args)
    }
    expect((await line.assay('stake', 'add', '--help')).out).toContain('<amount> --for receipts')
  })

  test('behavior: a pledge is set in all, shown, and repeated for nothing', async () => {
    expect(await done('operator', 'pledge', '160')).toMatchObject({
      pledged: dollars(160).toString(),
    })
    expect(await done('operator', 'pledge', '160')).toMatchObject({ transaction: null })
    const shown = await done('payer', 'pledge', 'show', operator.address)
    expect(shown).toMatchObject({ operator: operator.address, active: '200000000', reserved: '0' })
    expect((await done('payer', 'pledge', 'show')).pledged).toBe('0')
    expect(await fails(5, 'operator', 'pledge', '200.01')).toContain('200.00 tUSD of active stake')
    expect((await line.as('operator', 'pledge', '--help')).out).toContain('set')
    await fails(2, 'operator', 'pledge')
  })

  test('behavior: a signer is added, and removed with a delay', async () => {
    const show = () => done('payer', 'signer', 'show', stranger, '--operator', operator.address)
    expect(await show()).toMatchObject({ isActive: false, until: '0' })
    expect(await fails(5, 'operator', 'signer', 'remove', stranger)).toContain('NotSigner')
    expect((await done('operator', 'signer', 'add', stranger)).transaction).toMatch(/^0x/)
    expect(await done('operator', 'signer', 'add', stranger)).toMatchObject({ transaction: null })
    expect(await show()).toMatchObject({ isActive: true })
    const removed = await done('operator', 'signer', 'remove', stranger)
    expect(BigInt(removed.until)).toBe((await line.suite.chain.getBlock()).timestamp + 10n)
    const again = await done('operator', 'signer', 'remove', stranger)
    expect(again).toMatchObject({ transaction: null, until: removed.until })
    await fails(2, 'operator', 'signer', 'add', '0x12')
  })
})

describe('paying', () => {
  test('default: a tab is funded up to a total, once', async () => {
    const fund = (total: string) => done('payer', 'tab', 'fund', operator.address, total)
    expect(await fund('50')).toMatchObject({ funded: '50000000', left: '50000000', epoch: 0 })
    expect(await fund('50')).toMatchObject({ transaction: null, balance: '50000000' })
    const other = ['tab', 'show', operator.address, '--payer', payer.address]
    expect(await done('refuter', ...other)).toMatchObject({ payer: payer.address, spent: '0' })
    expect(await fails(5, 'payer', 'tab', 'fund', operator.address, '101')).toContain(
      'has 50.00 tUSD in escrow for receipts, needed 51.00 tUSD',
    )
  })

  test('behavior: an order is printed, and whoever has it sends it', async () => {
    const { deployment, clientOf } = line.suite
    const before = await done('payer', 'tab', 'show', operator.address)
    const played = await line.as('payer', 'tab', 'order', operator.address, '60')
    expect(played.error).toContain('60.00 tUSD in all')
    const ordered = await done('payer', 'tab', 'order', operator.address, '60')
    const order = decodeOrderHeader(ordered.header)
    expect(JSON.parse(played.out)).toEqual({ ...order, total: '60000000' })
    expect(await done('payer', 'tab', 'show', operator.address)).toEqual(before)
    await fundTab(clientOf(refuter), { deployment, order })
    expect(await done('payer', 'tab', 'show', operator.address)).toMatchObject({
      funded: '60000000',
    })
  })

  test('behavior: a tab thaws, and is closed by anybody', async () => {
    const close = ['tab', 'close', stranger, '--payer', payer.address]
    await done('payer', 'tab', 'fund', stranger, '5')
    expect(await fails(5, 'refuter', ...close)).toContain('does not thaw')
    const thawing = await done('payer', 'tab', 'thaw', stranger)
    const again = await done('payer', 'tab', 'thaw', stranger)
    expect(again).toMatchObject({ transaction: null, thawedAt: thawing.thawedAt })
    expect(await fails(5, 'refuter', ...close)).toContain('NotThawed')
    await pass(20)
    expect(await done('refuter', ...close)).toMatchObject({ returned: '5000000', epoch: 1 })
    expect(await done('refuter', ...close)).toMatchObject({ transaction: null, epoch: 1 })
    expect(await fails(5, 'payer', 'tab', 'thaw', stranger)).toContain('NothingInTab')
  })

  test('behavior: a session key that was granted pays, within its cap', async () => {
    const { deployment, clientOf, chain } = line.suite
    const out = line.path('session.json')
    const terms = ['--cap', '3', '--expires', '1h', '--operator', operator.address]
    const granted = await line.as('payer', 'key', 'grant', refuter.address, ...terms, '--out', out)
    expect(granted.error).toContain('may spend 3.00 tUSD')
    const kept = JSON.parse(readFileSync(out, 'utf8'))
    const { timestamp } = await chain.getBlock()
    expect(kept).toEqual({
      ...{ payer: payer.address, key: refuter.address, operator: operator.address },
      ...{
        cap: '3000000',
        expiry: `${timestamp + 3_600n}`,
        signature: expect.stringMatching(/^0x/),
      },
    })
    const session = { ...kept, cap: BigInt(kept.cap), expiry: BigInt(kept.expiry) }
    const about = { deployment, operator: operator.address, session }
    const document = await issue()
    const { cumulativeFee } = document.receipt
    const voucher = await signVoucher(clientOf(refuter), { ...about, cap: cumulativeFee })
    const { collected } = await settleReceipts(clientOf(operator), {
      ...{ deployment, index: slot++ },
      collections: [{ voucher, sequence: document.receipt.sequence, cumulativeFee }],
    })
    expect(collected).toMatchObject([{ status: 'Collected', amount: fee }])
  })

  test('error: a grant without end, in the past, or into nowhere', async () => {
    const grant = ['key', 'grant', refuter.address, '--cap', '3']
    await fails(2, 'payer', ...grant)
    await fails(2, 'payer', ...grant, '--expires', 'never')
    await fails(2, 'payer', ...grant, '--expires', '2020-01-01')
    const nowhere = line.path('none/session.json')
    expect(await line.as('payer', ...grant, '--expires', '1d', '--out', nowhere)).toMatchObject({
      ...{ code: 2, out: '' },
    })
    const keyless = ['--rpc', line.url, '--deployment', line.path('deployment.json')]
    for (const args of [
      [...grant, '--expires', '1d'],
      ['tab', 'order', operator.address, '1'],
      ['tab', 'fund', operator.address, '1'],
      ['tab', 'thaw', operator.address],
      ['pledge', '1'],
    ]) {
      expect(await line.assay(...args, ...keyless)).toMatchObject({ code: 2, out: '' })
    }
  })
})

describe('showing a receipt', () => {
  test('default: whom it binds, until when, and what was collected', async () => {
    const [first, second] = [await issue(), await issue()]
    const before = await done('refuter', 'receipt', 'show', keep(second))
    const issuedAt = second.receipt.issuedAt
    expect(before).toMatchObject({
      ...{ id: idOf(second), signer: operator.address, isBinding: true, isCollected: false },
      ...{ liableUntil: `${issuedAt + 120n}`, refutableUntil: `${issuedAt + 60n}` },
      ...{ demandableAt: `${issuedAt + 60n}`, penalty: '2000000' },
      dispute: { isEquivocated: false, isRefunded: false, demand: null },
    })
    const { batch, hash } = await settle(second)
    const shown = await done('refuter', 'receipt', 'show', keep(first))
    expect(shown).toMatchObject({
      isCollected: true,
      collectedUpTo: { sequence: `${second.receipt.sequence}` },
      collectedBy: { batch: `${batch.number}`, status: 'Settled', transaction: hash },
    })
    expect(shown).not.toHaveProperty('batch')
  })

  test('behavior: its operator is asked for it, and for its place in a batch', async () => {
    const documents = [await issue(), await issue(), await issue()]
    const document = documents[2]!
    const { batch } = await settle(document, { documents })
    const path = pathOf(receiptTree(documents.map(idOf)), 2)
    const id = idOf(document)
    const place = { number: `${batch.number}`, leaf: '2', path }
    const answer = (content: object) => JSON.stringify({ ...toReceiptJson(document), ...content })
    const answers: Record<string, string> = { [`/receipts/${id}`]: answer({ batch: place }) }
    const { url, close } = await serve(answers)
    const show = (...more: string[]) => line.as('refuter', 'receipt', 'show', id, ...more, '--json')
    expect((await show('--url', `${url}/v1`)).json()).toMatchObject({
      ...{ id, isBinding: true, batch: { number: `${batch.number}`, leaf: '2' } },
    })
    const human = await line.as('refuter', 'receipt', 'show', keep(document), '--url', url)
    expect(human.out).toContain(`batch ${batch.number}, settled`)
    expect(human.out).toContain('leaf 2 of 3')

    expect((await show()).json()).toEqual({ id, dispute: expect.anything() })
    answers[`/receipts/${id}`] = answer({ batch: { ...place, leaf: '1' } })
    expect(await show('--url', url)).toMatchObject({ code: 8, out: '' })
    answers[`/receipts/${id}`] = answer({ batch: null })
    expect((await show('--url', url)).json()).toMatchObject({ batch: null })
    answers[`/receipts/${id}`] = JSON.stringify(toReceiptJson(documents[0]!))
    expect(await show('--url', url)).toMatchObject({ code: 8, out: '' })
    answers[`/receipts/${id}`] = '{'
    expect(await show('--url', url)).toMatchObject({ code: 2, out: '' })
    answers[`/receipts/${id}`] = 'x'.repeat(2 ** 20 + 1)
    expect(await show('--url', url)).toMatchObject({ code: 1, out: '' })
    expect(await show('--url', 'ftp://nowhere')).toMatchObject({ code: 2, out: '' })
    delete answers[`/receipts/${id}`]
    expect(await show('--url', url)).toMatchObject({ code: 0 })
    close()
    const gone = await show('--url', url)
    expect(gone).toMatchObject({ code: 1, error: expect.stringContaining('does not show') })
  })

  test('error: a receipt that binds nobody, and one of another ledger or chain', async () => {
    const forged = keep(await issue({ signer: refuter }))
    const shown = await line.as('refuter', 'receipt', 'show', forged, '--json')
    expect(shown.code).toBe(8)
    expect(shown.json()).toMatchObject({ isBinding: false, signer: refuter.address })
    await fails(8, 'refuter', 'receipt', 'demand', forged)

    const document = await issue()
    const elsewhere = [
      { ...document, ledger: stranger },
      { ...document, chainId: 1 },
    ]
    for (const other of elsewhere) await fails(8, 'refuter', 'receipt', 'show', keep(other))
    await fails(2, 'refuter', 'receipt', 'show', line.path('none.json'))
  })

  test('behavior: a signer binds by what it signed before it was removed', async () => {
    await done('operator', 'signer', 'add', refuter.address)
    const early = keep(await issue({ signer: refuter }))
    await done('operator', 'signer', 'remove', refuter.address)
    await pass(10)
    const late = keep(await issue({ signer: refuter }))
    expect(await done('payer', 'receipt', 'show', early)).toMatchObject({ isBinding: true })
    expect((await line.as('payer', 'receipt', 'show', late)).out).toContain('does NOT bind')
  })
})

describe('penalties', () => {
  test('default: two receipts for one place, out of a stream and a header', async () => {
    // So that the next batch collects one fee and no more.
    await settle(await issue())
    const document = await issue()
    const { sequence } = document.receipt
    const other = await issue({ receipt: { sequence, unitsOut: 9n, fee: 2n * fee } })
    await settle(document)
    const event = JSON.stringify({ choices: [], [receiptField]: toReceiptJson(document) })
    const stream = line.write(
      'answer.sse',
      `data: {"choices":[]}\n\ndata: ${event}\n\ndata: [DONE]\n\n`,
    )
    const header = line.write('header.txt', encodeReceiptHeader(other))
    const about = ['receipt', 'equivocation', stream, header]

    const before = await done('operator', 'pledge', 'show')
    expect(await done('refuter', ...about, '--dry-run')).toMatchObject({
      ...{ id: idOf(document), other: idOf(other), slashed: '4000000', reward: '1200000' },
      ...{ transaction: null, gas: expect.stringMatching(/^\d+$/) },
    })
    expect(await done('operator', 'pledge', 'show')).toEqual(before)
    const told = await line.as('refuter', ...about)
    expect(told.error).toMatch(/slashes {4}4\.00 tUSD[\s\S]*costs {6}\d+ gas/)
    expect(told.out).toContain(`rewards    ${refuter.address} with 1.20 tUSD`)
    const after = await done('operator', 'pledge', 'show')
    expect(BigInt(before.pledged) - BigInt(after.pledged)).toBe(4n * fee)
    expect(await done('refuter', ...about)).toMatchObject({ isBefore: true, transaction: null })

    const refund = (from: ReceiptDocument) => ['receipt', 'refund', keep(from)]
    const balance = await done('payer', 'balance')
    // The other's fee is more than is there, and only the payer may take less.
    const short = await fails(5, 'refuter', ...refund(other))
    expect(short).toContain('No batch that waits')
    const less = await done('payer', ...refund(other), '--dry-run')
    expect(less).toMatchObject({ amount: `${fee}`, transaction: null })
    expect(await done('refuter', ...refund(document))).toMatchObject({ amount: `${fee}` })
    const back = await done('payer', 'balance')
    expect(BigInt(back.receipts) - BigInt(balance.receipts)).toBe(fee)
    expect(await done('refuter', ...refund(document))).toMatchObject({ transaction: null })
    expect(await done('payer', 'receipt', 'show', keep(document))).toMatchObject({
      dispute: { isEquivocated: true, isRefunded: true },
    })
    expect(await fails(5, 'payer', ...refund(other))).toBe(short)
  })

  test('behavior: receipts that contradict nothing prove nothing', async () => {
    const [first, second] = [keep(await issue()), keep(await issue())]
    const foreign = keep(await issue({ receipt: { payer: stranger } }))
    for (const other of [first, second, foreign]) {
      const played = await line.as('refuter', 'receipt', 'equivocation', first, other, '--json')
      expect(played.code).toBe(6)
      expect(played.json()).toMatchObject({ verdict: 'right' })
    }
    expect(await fails(5, 'refuter', 'receipt', 'refund', first)).toContain('No penalty struck')
  })

  test('behavior: what was collected over a receipt is found, struck and returned', async () => {
    const document = await issue()
    const file = keep(document)
    const about = ['receipt', 'overcharge', file]
    expect((await line.as('refuter', ...about)).out).toContain('no batch collected up to it')
    const excess = 3n
    const { batch } = await settle(document, { excess })
    const right = await line.as('refuter', ...about, '--batch', '1', '--json')
    expect([right.code, right.json().verdict]).toEqual([6, 'right'])
    await fails(2, 'refuter', ...about, '--batch', 'newest')

    const balance = await done('payer', 'balance')
    const named = [...about, '--batch', `${batch.number}`]
    expect(await done('refuter', ...named, '--dry-run')).toMatchObject({ excess: '3', refund: '3' })
    expect(await done('refuter', ...about)).toMatchObject({
      ...{ batch: `${batch.number}`, excess: '3', refund: '3', slashed: `${dollars(1)}` },
    })
    const back = await done('payer', 'balance')
    expect(BigInt(back.receipts) - BigInt(balance.receipts)).toBe(excess)
    expect(await done('refuter', ...about)).toMatchObject({ isBefore: true })

    const honest = await issue()
    await settle(honest)
    expect(await line.as('refuter', 'receipt', 'overcharge', keep(honest))).toMatchObject({
      ...{ code: 6, out: expect.stringContaining('no batch collected more') },
    })
  })

  test('behavior: a receipt is demanded, and hiding it is struck after the clock', async () => {
    const document = await issue()
    const file = keep(document)
    expect(await fails(5, 'refuter', 'receipt', 'demand', file)).toContain('DemandTooEarly')
    expect(await fails(5, 'refuter', 'receipt', 'omission', file)).toContain('Nobody demands')
    await pass(60)
    await settle(document)
    expect(await fails(5, 'publisher', 'receipt', 'demand', file)).toContain(
      'has 0.00 tUSD in escrow for receipts, needed 1.00 tUSD',
    )
    const balance = async () => BigInt((await done('refuter', 'balance')).receipts)
    const before = await balance()
    expect(await done('refuter', 'receipt', 'demand', file, '--dry-run')).toMatchObject({
      ...{ bond: '1000000', deadline: null, transaction: null },
    })
    const told = await line.as('refuter', 'receipt', 'demand', file)
    expect(told.error).toContain('bond       1.00 tUSD, lost if')
    expect(before - (await balance())).toBe(dollars(1))
    expect(await done('payer', 'receipt', 'demand', file)).toMatchObject({
      ...{ demander: refuter.address, transaction: null },
    })
    expect((await done('payer', 'receipt', 'show', file)).dispute.demand.demander).toBe(
      refuter.address,
    )
    const omission = ['receipt', 'omission', file]
    expect(await fails(5, 'payer', ...omission)).toContain('DeadlineNotPassed')
    await pass(20)
    expect((await line.as('payer', ...omission, '--dry-run')).out).toContain(
      `rewards    ${refuter.address} with 0.60 tUSD`,
    )
    expect(await done('payer', ...omission)).toMatchObject({ slashed: `${2n * fee}` })
    expect(await done('payer', ...omission)).toMatchObject({ isBefore: true })
    expect(await done('payer', 'receipt', 'demand', file)).toMatchObject({ isBefore: true })
    expect(await balance()).toBe(before)
    const released = await done('payer', 'receipt', 'refund', file)
    expect(released).toMatchObject({ amount: `${fee}` })
  })
})

describe('refuting', () => {
  const list = { shape: [1, 6], scale: 0.5, zeroPoint: -4 }
  const elements = [-128, -5, -4, 0, 100, 127]
  const bytes = Uint8Array.from(elements, (element) => element + 128)
  let folder: string
  let version: Hash
  let input: string
  let honest: Trace
  let wrong: Trace

  beforeAll(async () => {
    folder = line.path('model')
    const model = buildModel({
      tensors: [list, list, list],
      operators: [
        { code: codes.RELU, inputs: [0], outputs: [1] },
        { code: codes.RELU, inputs: [1], outputs: [2] },
      ],
    })
    await line.assay('model', 'import', line.write('model.tflite', model), '--out', folder)
    version = (await done('publisher', 'model', 'publish', folder, '--name', 'relu')).version
    input = line.write('in.json', JSON.stringify(elements))
    const program = await loadProgram({ folder })
    honest = executeTrace(program, bytes)
    const random = createRandom(1)
    let found = corruptElement(random, program, honest)
    while (found.tensor !== 1) found = corruptElement(random, program, honest)
    wrong = found.trace
  })

  function claimOf({ inputHash, outputHash, evidenceHash }: Trace): Claim {
    const requestId = keccak256('0x1d')
    return {
      ...{ requestId, model: version, operator: operator.address },
      ...{ inputHash, outputHash, evidenceHash },
    }
  }

  function refute(file: string, ...more: string[]) {
    const about = ['--model', folder, '--input', input, ...more, '--json']
    return line.as('refuter', 'receipt', 'refute', file, ...about)
  }

  test('default: the operator shows its trace, and one element is proven wrong', async () => {
    const document = await issue({ claim: claimOf(wrong) })
    const file = keep(document)
    const id = idOf(document)
    const withheld = await refute(file)
    expect([withheld.code, withheld.json().verdict]).toEqual([7, 'withheld'])

    const { url, close } = await serve({ [`/traces/${id}`]: encodeTrace(wrong) })
    const dry = await refute(file, '--url', url, '--dry-run')
    expect(dry.json()).toMatchObject({ verdict: 'wrong', transaction: null, slashed: '2000000' })
    await done('operator', 'stake', 'register', '--endpoint', url)
    const refuted = await refute(file)
    expect(refuted).toMatchObject({ code: 0, error: '' })
    expect(refuted.json()).toMatchObject({
      ...{ id, verdict: 'wrong', slashed: '2000000', reward: '600000' },
      wrong: { tensor: 1, operator: { index: 0, operator: 'RELU' } },
    })
    close()
    expect((await refute(file)).json()).toMatchObject({ isBefore: true, transaction: null })
    expect((await done('payer', 'receipt', 'show', file)).dispute.isRefuted).toBe(true)
  })

  test('behavior: a trace in a file, and outputs that were made up', async () => {
    const trace = line.write('wrong.trace', encodeTrace(wrong))
    const first = keep(await issue({ claim: claimOf(wrong) }))
    expect((await refute(first, '--trace', trace)).json()).toMatchObject({ slashed: '2000000' })

    const output = new Uint8Array(6).fill(128)
    const claim = { ...claimOf(honest), outputHash: keccak256(output) }
    const second = keep(await issue({ claim }))
    expect((await refute(second)).json()).toMatchObject({
      verdict: 'wrong',
      wrong: { kind: 'output' },
    })

    const program = await loadProgram({ folder })
    const made = commitTrace(program, [...honest.tensors.slice(0, -1), [output]])
    const third = keep(await issue({ claim: claimOf(made) }))
    expect((await refute(third)).code).toBe(7)
    const zeros = line.write('zeros.json', JSON.stringify([0, 0, 0, 0, 0, 0]))
    expect((await refute(third, '--output', zeros)).json()).toMatchObject({
      wrong: { tensor: 2, place: [0, 0], claimed: 0, right: -4 },
    })
  })

  test('behavior: a right answer is left alone', async () => {
    const played = await refute(keep(await issue({ claim: claimOf(honest) })))
    expect([played.code, played.json().verdict]).toEqual([6, 'right'])
  })

  test('error: another input, no claim, another model, and a window that is over', async () => {
    const claim = claimOf(wrong)
    const trace = ['--trace', line.write('late.trace', encodeTrace(wrong))]
    const document = await issue({ claim })
    const file = keep(document)
    const other = line.write('other.json', JSON.stringify(elements.toReversed()))
    const about = ['receipt', 'refute', file, '--model', folder]
    await fails(2, 'refuter', ...about, '--input', other)
    await fails(2, 'refuter', ...about)
    const { claim: _, ...unclaimed } = document
    expect(await refute(keep(unclaimed), ...trace)).toMatchObject({ code: 2 })
    const { model } = line.suite
    const elsewhere = keep(await issue({ claim: { ...claim, model } }))
    expect(await refute(elsewhere, ...trace)).toMatchObject({ code: 2 })
    await pass(60)
    const late = await refute(file, ...trace)
    expect([late.code, late.error]).toEqual([5, expect.stringContaining('ClaimFinal')])
  })
})
