import { type Command, Option } from 'commander'
import type { Hash } from 'viem'

import { type CliContext, onChain } from '../chain/onChain.ts'
import { addChainOptions, type ChainOptions, parseAddress, parseIds } from '../chain/options.ts'
import { fundsUses } from './fundsUses.ts'
import type { MoveOptions } from './moveFunds.ts'

/** Adds `assay deposit`, `assay withdraw`, `assay balance` and `assay collect`: an account and its tokens. */
export function addAccountCommands(program: Command, context: CliContext): void {
  addMove(program, 'deposit', 'put tokens where fees, bonds or rewards are taken from').action(
    onChain(context, async (scene, amount: string, options: MoveOptions) => {
      const { moveFunds } = await import('./moveFunds.ts')
      return moveFunds(scene, 'deposit', { amount, ...options })
    }),
  )
  addMove(program, 'withdraw', 'take back what is not in use').action(
    onChain(context, async (scene, amount: string, options: MoveOptions) => {
      const { moveFunds } = await import('./moveFunds.ts')
      return moveFunds(scene, 'withdraw', { amount, ...options })
    }),
  )
  const balance = program
    .command('balance')
    .description('show what an account has')
    .argument('[account]', 'address; that of the key by default', parseAddress)
  addChainOptions(balance).action(
    onChain(context, async (scene, account: `0x${string}` | undefined, _options: ChainOptions) => {
      const { showBalance } = await import('./showBalance.ts')
      return showBalance(scene, account)
    }),
  )
  const collect = program
    .command('collect')
    .description('take out what was earned: by refuting, and by answering')
    .argument('[versions...]', 'model versions that the account answered for', parseIds)
  addChainOptions(collect).action(
    onChain(context, async (scene, versions: Hash[] | undefined, _options: ChainOptions) => {
      const { collectEarnings } = await import('./collectEarnings.ts')
      return collectEarnings(scene, versions ?? [])
    }),
  )
}

function addMove(program: Command, name: string, description: string) {
  const command = program
    .command(name)
    .description(description)
    .argument('<amount>', 'tokens, such as 1.50')
    .addOption(
      new Option(
        '--for <use>',
        'fees of jobs, bonds of demands, rewards of audits, or tabs for receipts',
      )
        .choices(fundsUses)
        .default('fees'),
    )
  return addChainOptions(command)
}
