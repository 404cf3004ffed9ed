import { type Command, Option } from 'commander'
import type { Hash } from 'viem'

import { type CliContext, onChain } from '../chain/onChain.ts'
import { addChainOptions, parseAddress, parseId } from '../chain/options.ts'
import type { AddStakeOptions } from './addStake.ts'
import { readVersion, readVersionAndAmount } from './readVersion.ts'
import type { RegisterOptions } from './register.ts'
import type { SetPriceOptions } from './setPrice.ts'
import { type StakeOptions, stakeUses } from './sourceOf.ts'

/** An argument that need not be there. */
type Word = string | undefined

/** Adds `assay stake`: an operator's or auditor's stake on a model version or behind receipts, from the deposit until it is taken out again. */
export function addStakeCommands(program: Command, context: CliContext): void {
  const stake = program
    .command('stake')
    .description('put stake behind models or receipts, and take it back')
    .addHelpText('after', help)
  addAmountVerb(stake, 'add', 'put tokens behind a model version, or behind receipts')
    .option('--wait', 'wait until the delay is over, and activate it')
    .action(
      onChain(context, async (scene, first: Word, second: Word, options: AddStakeOptions) => {
        const staked = readVersionAndAmount(first, second, options.for)
        const { addStake } = await import('./addStake.ts')
        return addStake(scene, { ...staked, ...options })
      }),
    )
  addVerb(stake, 'activate', 'let stake count whose delay is over').action(
    onChain(context, async (scene, word: Word, options: StakeOptions) => {
      const version = readVersion(word, options.for)
      const { activate } = await import('./activate.ts')
      return activate(scene, { version, ...options })
    }),
  )
  addVerb(stake, 'show', 'show what stands behind a model version, or behind receipts').action(
    onChain(context, async (scene, word: Word, options: StakeOptions) => {
      const version = readVersion(word, options.for)
      const { showStake } = await import('./showStake.ts')
      return showStake(scene, { version, ...options })
    }),
  )
  addAmountVerb(stake, 'thaw', 'take active stake out; it can be withdrawn after a delay').action(
    onChain(context, async (scene, first: Word, second: Word, options: StakeOptions) => {
      const staked = readVersionAndAmount(first, second, options.for)
      const { thaw } = await import('./thaw.ts')
      return thaw(scene, { ...staked, ...options })
    }),
  )
  addVerb(stake, 'withdraw', 'take out what has thawed').action(
    onChain(context, async (scene, word: Word, options: StakeOptions) => {
      const version = readVersion(word, options.for)
      const { withdrawThawed } = await import('./withdrawThawed.ts')
      return withdrawThawed(scene, { version, ...options })
    }),
  )
  addPrice(stake, context)
  addRegister(stake, context)
}

function addPrice(stake: Command, context: CliContext) {
  const command = stake
    .command('price')
    .description('state what a request costs; the daemon answers by its own "ask"')
    .argument('<version>', 'id of the model version', parseId)
    .argument('<amount>', 'tokens for one request, such as 0.50')
    .option('--not-serving', 'say that the version is not served')
  addChainOptions(command).action(
    onChain(context, async (scene, version: Hash, amount: string, options: SetPriceOptions) => {
      const { setPrice } = await import('./setPrice.ts')
      return setPrice(scene, { version, amount, ...options })
    }),
  )
}

function addRegister(stake: Command, context: CliContext) {
  const command = stake
    .command('register')
    .description('say how the operator is reached and paid; what is not given stays as it was')
    .option('--endpoint <url>', 'where the operator shows what it committed to')
    .option('--signer <address>', 'hot key that may answer', parseAddress)
    .option('--payout <address>', 'where earnings go', parseAddress)
    .option('--encryption-key <hex>', 'takes sealed inputs; "own" for that of the key', parseKey)
  addChainOptions(command).action(
    onChain(context, async (scene, options: RegisterOptions) => {
      const { register } = await import('./register.ts')
      return register(scene, options)
    }),
  )
}

function parseKey(value: string): Hash | 'own' {
  return value === 'own' ? value : parseId(value)
}

function addVerb(stake: Command, name: string, description: string) {
  const command = stake
    .command(name)
    .description(description)
    .usage(usageOf(name, ''))
    .argument('[version]', versionText)
  return addUse(command)
}

/** Of two words the first is the version; for receipts there is none, and the first is the amount. */
function addAmountVerb(stake: Command, name: string, description: string) {
  const command = stake
    .command(name)
    .description(description)
    .usage(usageOf(name, ' <amount>'))
    .argument('[version]', versionText)
    .argument('[amount]', 'tokens, such as 1.50')
  return addUse(command)
}

function addUse(command: Command) {
  return addChainOptions(
    command.addOption(
      new Option('--for <use>', 'what the stake stands behind')
        .choices(stakeUses)
        .default('answers'),
    ),
  )
}

function usageOf(name: string, amount: string) {
  return `[options] <version>${amount}\n       assay stake ${name} [options]${amount} --for receipts`
}

const versionText = 'id of the model version; none for receipts, whose stake backs all models'

const help = `
Stake for receipts counts once it is pledged: "assay pledge AMOUNT". What is pledged cannot thaw.
`
