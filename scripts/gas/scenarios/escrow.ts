import { dollars } from '@assay/testing'
import { encodeAbiParameters, keccak256 } from 'viem'

import { DEADLINE, signAuthorization, signPermit } from '../signatures.ts'
import { wordOf } from '../world.ts'
import type { Scene } from './scene.ts'

const AMOUNT = dollars(10)

/** Measures `Escrow`; an account of its own is the spender. */
export async function measureEscrow(scene: Scene) {
  const { meter, world } = scene
  const { escrow, outsider, payer, spender } = world
  const [from, to] = [spender.account, outsider.account]

  await meter.steady(async (run) => {
    const deposit = [payer.account, from, AMOUNT] as const
    await run('Escrow.deposit', escrow.write.deposit(deposit, payer))
    await run('Escrow.move', escrow.write.move([from, to, 1n], payer))
    await run('Escrow.withdraw', escrow.write.withdraw([from, 1n, payer.account], payer))
    await run('Escrow.debit', escrow.write.debit([payer.account, dollars(2)], spender))
    await run('Escrow.credit', escrow.write.credit([payer.account, 1n], spender))
    await run('Escrow.pay', escrow.write.pay([to, 1n], spender))
  })
  await measureSigned(scene)
}

async function measureSigned({ chain, meter, world }: Scene) {
  const { escrow, outsider, permitter, spender } = world
  const to = spender.account

  await meter.steady(async (run, round) => {
    const permit = { owner: permitter, spender: escrow.address, value: AMOUNT }
    const signed = await signPermit(chain, world, permit)
    const { v, r, s } = signed
    const deposit = escrow.write.depositWithPermit([to, AMOUNT, DEADLINE, v, r, s], permitter)
    await run('Escrow.depositWithPermit', deposit)

    const salt = wordOf(`authorization ${round}`)
    const encoded = encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [to, salt])
    const authorization = await signAuthorization(chain, world, {
      ...{ from: permitter, to: escrow.address, value: AMOUNT, nonce: keccak256(encoded) },
    })
    await run(
      'Escrow.depositWithAuthorization',
      escrow.write.depositWithAuthorization(
        [
          ...([permitter.account, to, AMOUNT, 0n, DEADLINE, salt] as const),
          ...([authorization.v, authorization.r, authorization.s] as const),
        ],
        outsider,
      ),
    )
  })
}
