import type { Command } from 'commander'
import type { Address } from 'viem'

import { type CliContext, onChain } from '../chain/onChain.ts'
import { addChainOptions, type ChainOptions, parseAddress } from '../chain/options.ts'
import type { TabOptions } from './showTab.ts'

/** Adds `assay tab`: what a payer sets aside for an operator, out of which its receipts are paid. */
export function addTabCommands(program: Command, context: CliContext): void {
  const tab = program
    .command('tab')
    .description('set money aside for an operator, and take back what is left')
    .addHelpText('after', help)
  addVerb(tab, 'fund', 'fund a tab from what "assay deposit --for receipts" put aside')
    .argument('<total>', totalText)
    .action(
      onChain(context, async (scene, operator: Address, total: string, _options: ChainOptions) => {
        const { fundTab } = await import('./fundTab.ts')
        return fundTab(scene, { operator, total })
      }),
    )
  addVerb(tab, 'order', 'sign an order to fund a tab, and print it; nothing is sent')
    .argument('<total>', totalText)
    .action(
      onChain(context, async (scene, operator: Address, total: string, _options: ChainOptions) => {
        const { orderTab } = await import('./orderTab.ts')
        return orderTab(scene, { operator, total })
      }),
    )
  addPayer(addVerb(tab, 'show', 'show what is in a tab')).action(
    onChain(context, async (scene, operator: Address, options: TabOptions) => {
      const { showTab } = await import('./showTab.ts')
      return showTab(scene, operator, options)
    }),
  )
  addVerb(tab, 'thaw', 'start to end a tab; the operator can collect until it is thawed').action(
    onChain(context, async (scene, operator: Address, _options: ChainOptions) => {
      const { thawTab } = await import('./thawTab.ts')
      return thawTab(scene, operator)
    }),
  )
  addPayer(addVerb(tab, 'close', 'return what is in a thawed tab to the payer')).action(
    onChain(context, async (scene, operator: Address, options: TabOptions) => {
      const { closeTab } = await import('./closeTab.ts')
      return closeTab(scene, operator, options)
    }),
  )
}

function addVerb(tab: Command, name: string, description: string) {
  const command = tab
    .command(name)
    .description(description)
    .argument('<operator>', 'address of the operator', parseAddress)
  return addChainOptions(command)
}

function addPayer(command: Command) {
  return command.option('--payer <address>', 'whose tab; that of the key by default', parseAddress)
}

const totalText = 'tokens that the tab shall have been funded with in all, since its first order'

const help = `
A total counts everything that a tab was ever funded with, as "assay tab show" says it: the same order never pays twice.
"assay tab order OPERATOR TOTAL --print header" is what a request carries as x-assay-order; the operator then sends it.
`
