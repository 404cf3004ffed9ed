import { registerOperator, setReceiptSigner } from '@assay/sdk'
import {
  createCloser,
  deploySuite,
  serveOperator,
  serveProvider,
  serveUpstream,
  stakeOn,
  startGateway,
} from '@assay/testing'
import { network } from 'hardhat'
import { toHex, zeroHash } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterEach, expect, test } from 'vitest'

const { track, closeAll } = createCloser()

afterEach(closeAll)

const payerKey = toHex(7n, { size: 32 })
const signerKey = toHex(100n, { size: 32 })

test('default: without an indexer, operators and their signers are those of the chain', async () => {
  const { viem, networkHelpers, provider } = await network.create()
  const suite = await deploySuite(viem)
  const { deployment, actors } = suite
  const { ledger } = deployment
  const chain = await track(serveProvider(provider))
  const upstream = await track(serveUpstream())
  const { chainId } = deployment
  const operator = await track(
    serveOperator({
      ...{ privateKey: signerKey, upstream: upstream.url, chainId, ledger },
      operator: actors.operator.account.address,
    }),
  )
  await registerOperator(actors.operator, { deployment, endpoint: operator.url })
  await stakeOn(suite, networkHelpers, {
    ...{ model: zeroHash, source: ledger, operators: ['operator'], amount: 5_000_000n },
  })
  const gateway = await track(
    startGateway({
      environment: { ASSAY_PAYER_KEY: payerKey },
      config: {
        ...{ deployment, rpcUrl: chain.url, trustCards: true, retry: { maxAttempts: 1 } },
        ...{ payer: { exposure: '100000' }, breaker: { disabledMs: 1 } },
      },
    }),
  )
  const { address } = actors.operator.account
  expect(gateway.catalog.upstreams()).toMatchObject([{ stake: 5_000_000n }])
  expect(gateway.catalog.upstreams()[0]!.id.toLowerCase()).toBe(address)
  const ask = () =>
    fetch(`${gateway.baseUrl}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'echo-1', messages: [{ role: 'user', content: 'hi' }] }),
    })
  expect((await ask()).status).toBe(503)
  expect(gateway.of('disabled')).toMatchObject([{ failure: 'invalid_receipt' }])

  const signer = privateKeyToAddress(signerKey)
  await setReceiptSigner(actors.operator, { deployment, signer })
  await new Promise((resolve) => setTimeout(resolve, 10))
  const response = await ask()
  expect(response.status).toBe(200)
  expect(response.headers.get('x-assay-verification')).toBe('receipt')
})
