import type { Command } from 'commander'
import type { Address } from 'viem'

import { type CliContext, onChain } from '../chain/onChain.ts'
import { addChainOptions, parseAddress } from '../chain/options.ts'
import type { GrantKeyOptions } from './grantKey.ts'

/** Adds `assay key`: keys that sign vouchers for a payer. */
export function addKeyCommands(program: Command, context: CliContext): void {
  const key = program.command('key').description('let other keys pay for answers')
  const grant = key
    .command('grant')
    .description('sign that a key may sign vouchers, and print it as JSON; nothing is sent')
    .argument('<address>', 'address of the key', parseAddress)
    .requiredOption('--cap <amount>', 'tokens that may ever be collected in one channel by it')
    .requiredOption(
      '--expires <when>',
      'when it ends: 2027-01-31, 2027-01-31T12:00:00Z, 30d or 12h',
    )
    .option('--operator <address>', 'only with this operator; with all by default', parseAddress)
    .option('--out <file>', "file for it, as a gateway's configuration takes it as payer.session")
    .addHelpText('after', help)
  addChainOptions(grant).action(
    onChain(context, async (scene, address: Address, options: GrantKeyOptions) => {
      const { grantKey } = await import('./grantKey.ts')
      return grantKey(scene, { ...options, address })
    }),
  )
}

const help = `
The cap counts everything collected in a channel, since its first receipt and by whichever key. It holds for each operator, not for their
sum: what the key can lose in all is bounded by the tabs, which it cannot fund. Nothing but its expiry ends it.
`
