import { headers as names } from '@assay/protocol/http'
import { tokenDomain } from '@assay/sdk'
import { type Charge, createPaywall, type Paywall } from '@assay/x402'
import {
  createWalletClient,
  custom,
  type Hash,
  keccak256,
  type PublicClient,
  stringToBytes,
} from 'viem'

import type { LoadedGatewayConfig } from '../config/config.ts'
import { RequestError } from '../errors.ts'
import type { Observe } from '../events.ts'
import type { AskedRequest } from '../http/readRequest.ts'
import type { Journal } from '../journal/openJournal.ts'
import type { Payer } from '../purse/purse.ts'
import type { Router } from '../router/createRouter.ts'
import type { Clock } from '../support/clock.ts'
import { refusalOf } from './refusalOf.ts'

/** One answer that somebody is about to pay for. */
export type Purchase = {
  /** Id of the payment, which names the request. */
  id: Hash
  /** Moves the money, once; returns headers of the answer. Throws `RequestError`. */
  settle: () => Promise<Record<string, string>>
}

/** Sells single answers to whoever has a wallet (x402 v2, scheme `exact`, ERC-3009). */
export type Sale = {
  /** Checks the payment that comes with a request; nothing moves yet. Throws `RequestError`: 402 says what to pay. */
  admit: (raw: Request, asked: AskedRequest) => Promise<Purchase>
}

export type CreateSaleDependencies = {
  config: LoadedGatewayConfig
  payer: Payer | undefined
  client: PublicClient | undefined
  journal: Pick<Journal, 'payments'>
  clock: Clock
  router: Pick<Router, 'quote'>
  observe: Observe
}

const ppm = 1_000_000n

/** Creates what sells; nothing where the configuration does not ask for it. */
export function createSale(dependencies: CreateSaleDependencies): Sale | undefined {
  const { config, router, observe } = dependencies
  if (config.x402 === undefined) return undefined
  const markup = BigInt(config.x402.markupPpm)
  let opened: Promise<Paywall> | undefined

  /** The token is asked how its signatures are made when the first wallet comes, so that a start needs no chain. */
  function open(): Promise<Paywall> {
    opened ??= openPaywall(dependencies).catch((cause: unknown) => {
      opened = undefined
      const message = 'What is paid in cannot be looked up now.'
      throw new RequestError(503, 'chain_unknown', message, {
        cause,
        headers: { 'retry-after': '2' },
      })
    })
    return opened
  }

  return {
    async admit(raw, asked) {
      const quote = router.quote(asked)
      // What costs nothing here may cost whoever runs this: it is for those who have a key.
      if (quote === 0n) {
        throw new RequestError(401, 'invalid_api_key', 'The API key is missing or unknown.')
      }
      const amount = (quote * (ppm + markup) + ppm - 1n) / ppm
      const charge = chargeOf(raw, asked, amount)
      const paywall = await open()
      const header = raw.headers.get('payment-signature')
      if (header === null) throw paymentRequired(amount, paywall.challenge(charge))
      const refuse = (error: unknown): never => {
        throw refusalOf(error, (reason) => paywall.challenge(charge, reason))
      }
      const { id, payer, settle } = await paywall.verify(header, charge).catch(refuse)
      return {
        id,
        async settle() {
          const settled = await settle().catch(refuse)
          observe({ kind: 'payment_settled', payment: id, payer, amount })
          return settled.headers
        },
      }
    },
  }
}

async function openPaywall({ config, payer, client, journal, clock }: CreateSaleDependencies) {
  const { chainId, token, startBlock } = config.deployment!
  const { name = '', version = '' } = await tokenDomain(client!, { chainId, token })
  return createPaywall({
    ...{ publicClient: client!, chainId, token, clock, fromBlock: BigInt(startBlock) },
    walletClient: createWalletClient({ account: config.seller!, transport: custom(client!) }),
    tokenDomain: { name, version },
    payTo: config.x402!.payTo ?? payer!.payer,
    store: journal.payments,
  })
}

function chargeOf({ url, headers }: Request, asked: AskedRequest, amount: bigint): Charge {
  const { task, models, path, bytes, preferences } = asked
  // Everything that the answer depends on: what is said to the gateway alone, too.
  const context = [path, models, preferences, headers.get(names.secret), headers.get(names.privacy)]
  const text = JSON.stringify(context, (_, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  )
  return {
    ...{ resource: url, description: `One answer of ${models.join(' or ')} (${task})`, amount },
    requestHash: keccak256(stringToBytes(`${text}\n${keccak256(bytes)}`)),
  }
}

function paymentRequired(amount: bigint, headers: Record<string, string>): RequestError {
  const message = `There is no known API key: pay ${amount} token units for this answer by x402.`
  return new RequestError(402, 'payment_required', message, {
    ...{ type: 'payment_error', details: { quote: `${amount}` } },
    headers: { ...headers, 'x-should-retry': 'false' },
  })
}
