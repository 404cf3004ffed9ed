import type { Deployment, JobStatus } from '@assay/protocol'
import type { BrowserProvider, JsonRpcProvider, NonceManager, Signer, Wallet } from 'ethers'
import { type Account, createWalletClient, type Hash, http, type PublicClient } from 'viem'
import { expectTypeOf, test } from 'vitest'
import { isRevert } from '../errors/decodeError.ts'
import type { EthersProvider, EthersSigner } from '../ethers/ethersTypes.ts'
import type { JobTransition } from '../job/transition.ts'
import { type AssayActions, assayActions } from './assayActions.ts'

declare const deployment: Deployment
declare const account: Account

test('behavior: extends any client, and binds the deployment', () => {
  const client = createWalletClient({ account, transport: http() }).extend(assayActions(deployment))
  expectTypeOf(client.getJobStatus).parameter(0).not.toHaveProperty('deployment')
  expectTypeOf(client.getJobStatus({ id: '0x' })).resolves.toEqualTypeOf<JobStatus>()
  expectTypeOf(client.requestJob).returns.resolves.toHaveProperty('id').toEqualTypeOf<Hash>()
  // @ts-expect-error: a job needs a fee
  client.prepareJob({ model: '0x', inputHash: '0x' })
  // Nothing is required.
  expectTypeOf(client.withdrawReward).toBeCallableWith()
  expectTypeOf<PublicClient>().toExtend<Parameters<ReturnType<typeof assayActions>>[0]>()
  expectTypeOf<AssayActions>().not.toHaveProperty('request')
})

test('behavior: an error is narrowed to its arguments', () => {
  const error: unknown = undefined
  if (isRevert(error, 'SlotNotOpen')) expectTypeOf(error.args.opensAt).toEqualTypeOf<bigint>()
  if (isRevert(error, 'Panic')) expectTypeOf(error.args.code).toEqualTypeOf<bigint>()
  // @ts-expect-error: no contract has such an error
  isRevert(error, 'SlotNotClosed')
})

test('behavior: a transition is narrowed by its name', () => {
  const narrow = (entry: JobTransition) => {
    if (entry.name !== 'JobRefuted') return
    expectTypeOf(entry.args.slashed).toEqualTypeOf<bigint>()
    // @ts-expect-error: only an answer has an output
    entry.args.output
  }
  expectTypeOf(narrow).toBeFunction()
})

test('behavior: signers and providers of ethers fit', () => {
  expectTypeOf<Signer>().toExtend<EthersSigner>()
  expectTypeOf<Wallet>().toExtend<EthersSigner>()
  expectTypeOf<NonceManager>().toExtend<EthersSigner>()
  expectTypeOf<JsonRpcProvider>().toExtend<EthersProvider>()
  expectTypeOf<BrowserProvider>().toExtend<EthersProvider>()
})
