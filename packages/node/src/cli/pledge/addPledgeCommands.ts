import type { Command } from 'commander'
import type { Address } from 'viem'

import { type CliContext, onChain } from '../chain/onChain.ts'
import { addChainOptions, type ChainOptions, parseAddress } from '../chain/options.ts'

/** Adds `assay pledge`: the stake that an operator promises behind its receipts. */
export function addPledgeCommands(program: Command, context: CliContext): void {
  const pledge = program
    .command('pledge')
    .description('promise stake behind receipts, and see what stands behind them')
    .addHelpText('after', help)
  const set = pledge
    .command('set', { isDefault: true })
    .description('promise so much in all; "assay pledge AMOUNT" says the same')
    .argument('<amount>', 'tokens in place of what was pledged before, such as 100')
  addChainOptions(set).action(
    onChain(context, async (scene, amount: string, _options: ChainOptions) => {
      const { setPledge } = await import('./setPledge.ts')
      return setPledge(scene, amount)
    }),
  )
  const show = pledge
    .command('show')
    .description("show what stands behind an operator's receipts")
    .argument('[operator]', 'address; that of the key by default', parseAddress)
  addChainOptions(show).action(
    onChain(context, async (scene, operator: Address | undefined, _options: ChainOptions) => {
      const { showPledge } = await import('./showPledge.ts')
      return showPledge(scene, operator)
    }),
  )
}

const help = `
Pledged stake cannot thaw. A batch reserves a part of it until its money is released, every penalty takes from it, and with
nothing pledged no batch that collects can be settled. The stake comes from "assay stake add AMOUNT --for receipts".
`
