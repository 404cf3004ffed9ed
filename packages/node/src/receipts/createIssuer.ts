import { createReceiptHasher, type ReceiptHasher } from '@assay/crypto'
import type { Deployment } from '@assay/protocol'
import type { SignedVoucher } from '@assay/protocol/http'
import { type Address, getAddress, zeroAddress } from 'viem'

import type { Journal } from '../journal/openJournal.ts'
import type { Clock } from '../support/clock.ts'
import { checkVoucher } from './checkVoucher.ts'
import { composeReceipt } from './composeReceipt.ts'
import { createReceiptWriter, type ReceiptEvent, type SignReceipt } from './createReceiptWriter.ts'
import type { TabReader } from './createTabReader.ts'
import { createUnderWay, type Place, type UnderWay } from './createUnderWay.ts'
import { AdmissionMisusedError, RequestReusedError, VoucherRefusedError } from './errors.ts'
import type { Admission, AdmitParameters, Admitted, Answered, Issuer, Payment } from './issuer.ts'
import { type FundTab, requireFunds } from './requireFunds.ts'

export type CreateIssuerParameters = {
  deployment: Pick<Deployment, 'chainId' | 'ledger'>
  operator: Address
  journal: Pick<Journal, 'channels' | 'receipts' | 'results' | 'atomically'>
  clock: Clock
  tabs: TabReader
  /** By the operator's key, or that of a signer of it. */
  sign: SignReceipt
  /** Plans to carry out a tab order. */
  fundTab: FundTab
  observe: (event: ReceiptEvent) => void
  /** Requests of one channel that may be under way; 1,024 by default. */
  maxUnderWay?: number
  /** Seconds for which a session key must still be good; 120 by default. */
  expiryMarginSeconds?: bigint
}

/** What the parts of an issuer share. */
export type IssuerContext = CreateIssuerParameters & {
  underWay: UnderWay
  write: ReturnType<typeof createReceiptWriter>['write']
  hasher: ReceiptHasher
}

/**
 * Creates the one place in an operator where receipts come into being. A receipt's place in its channel is taken in the
 * transaction that writes every field of it, and only what is written is signed: no two receipts can have one place.
 *
 * @example
 * const issuer = createIssuer({ deployment, operator, journal, clock, tabs, sign, fundTab, observe })
 * await issuer.recover()
 * const admitted = await issuer.admit({ requestId, requestHash, payment, quote })
 */
export function createIssuer(parameters: CreateIssuerParameters): Issuer {
  const { journal, operator, maxUnderWay = 1_024 } = parameters
  const underWay = createUnderWay({ limit: maxUnderWay })
  const { write, recover } = createReceiptWriter(parameters)
  const hasher = createReceiptHasher(parameters.deployment)
  const context: IssuerContext = { ...parameters, underWay, write, hasher }
  return {
    recover,
    async admit(request) {
      const payer = payerOf(request.payment)
      // Nobody takes a place in a channel before its payer is known to ask.
      if (request.payment.kind === 'tab') await acceptVoucher(context, request.payment.voucher)
      const place = underWay.enter(payer, request.requestId)
      try {
        const admitted = await admit(context, { request, payer, place })
        if (admitted.kind === 'repeated') place.leave()
        return admitted
      } catch (error) {
        place.leave()
        throw error
      }
    },
    channelOf(account) {
      const payer = getAddress(account)
      const { sequence, cumulativeFee, voucher } = journal.channels.read(payer)
      const cap = voucher?.cap ?? 0n
      const reserved = underWay.reserved(payer)
      return { payer, operator, sequence, cumulativeFee, cap, reserved }
    },
  }
}

export type Entry = { request: AdmitParameters; payer: Address; place: Place }

async function admit(context: IssuerContext, entry: Entry): Promise<Admitted> {
  const { request, payer, place } = entry
  const { payment, quote } = request
  const repeated = await findRepeated(context, entry)
  if (repeated !== undefined) return repeated
  if (payment.kind === 'tab') await requireFunds(context, { payer, quote, payment, place })
  return { kind: 'admitted', admission: createAdmission(context, entry) }
}

function payerOf(payment: Payment): Address {
  if (payment.kind === 'free') return zeroAddress
  return getAddress(payment.kind === 'paid' ? payment.payer : payment.voucher.payer)
}

/** Checks a voucher that is not known yet, and keeps it if it allows more than the last. */
async function acceptVoucher(context: IssuerContext, voucher: SignedVoucher) {
  const { deployment, operator, journal, clock, tabs, expiryMarginSeconds = 120n } = context
  const timestamp = BigInt(Math.floor(clock.now() / 1000)) + expiryMarginSeconds
  const channel = journal.channels.read(getAddress(voucher.payer))
  const isKnown = channel.voucher !== undefined && isSame(channel.voucher, voucher)
  if (isKnown && channel.refusal !== undefined) {
    const reason = `The ledger refused this voucher: ${channel.refusal}.`
    throw new VoucherRefusedError('voucher_refused', reason)
  }
  if (isKnown && (voucher.session === undefined || voucher.session.expiry > timestamp)) return
  const { isSignedByContract } = tabs
  const { chainId, ledger } = deployment
  const checked = { chainId, ledger, operator, voucher, timestamp, isSignedByContract }
  const { isContract } = await checkVoucher(checked)
  journal.channels.keepVoucher({ ...voucher, payer: getAddress(voucher.payer) }, isContract)
}

function isSame(a: SignedVoucher, b: SignedVoucher) {
  const names = (voucher: SignedVoucher) => [
    ...[voucher.operator, voucher.cap, voucher.signature],
    ...[voucher.session?.key, voucher.session?.operator, voucher.session?.cap],
    ...[voucher.session?.expiry, voucher.session?.signature],
  ]
  return names(a).join().toLowerCase() === names(b).join().toLowerCase()
}

/** Returns the answer that a request had already. */
async function findRepeated(
  { journal, sign }: IssuerContext,
  { request, payer }: Entry,
): Promise<Admitted | undefined> {
  const { requestId, requestHash } = request
  const found = journal.receipts.answered(payer, requestId)
  if (found === undefined) return undefined
  const { kept, answer } = found
  const { body, contentType } = answer
  if (answer.requestHash !== requestHash || body === undefined) {
    throw new RequestReusedError(requestId)
  }
  const signature = kept.signature ?? (await sign(kept.id))
  const secret = answer.isSecretOurs ? { secret: answer.secret } : {}
  const document = { ...kept.document, ...secret, signature }
  return { kind: 'repeated', document, reply: { contentType, body } }
}

function createAdmission(context: IssuerContext, entry: Entry): Admission {
  const { payer, place, request } = entry
  let isOver = false
  return {
    payer,
    async issue(answered: Answered) {
      if (isOver) throw new AdmissionMisusedError('A receipt was issued, or the request cancelled.')
      const most = request.payment.kind === 'tab' ? request.quote : 0n
      if (answered.fee > most) {
        throw new AdmissionMisusedError(`The fee ${answered.fee} exceeds the quote ${most}.`)
      }
      isOver = true
      try {
        const compose = () => composeReceipt(context, entry, answered)
        const { document, signature } = await context.write(compose, place.leave)
        const secret = answered.isSecretOurs ? { secret: answered.secret } : {}
        return { ...document, ...secret, signature }
      } finally {
        place.leave()
      }
    },
    cancel() {
      isOver = true
      place.leave()
    },
  }
}
