import type { Command } from 'commander'
import type { Address } from 'viem'

import { type CliContext, onChain } from '../chain/onChain.ts'
import { addChainOptions, type ChainOptions, parseAddress } from '../chain/options.ts'
import type { ShowSignerOptions } from './showSigner.ts'

/** Adds `assay signer`: hot keys that sign receipts and settle batches for an operator. */
export function addSignerCommands(program: Command, context: CliContext): void {
  const signer = program
    .command('signer')
    .description('let keys sign receipts and settle for an operator')
    .addHelpText('after', help)
  const verbs = [
    ['add', 'let a key sign receipts and settle', true],
    ['remove', 'end that, after a delay', false],
  ] as const
  for (const [name, description, isActive] of verbs) {
    addVerb(signer, name, description).action(
      onChain(context, async (scene, address: Address, _options: ChainOptions) => {
        const { setSigner } = await import('./setSigner.ts')
        return setSigner(scene, { signer: address, isActive })
      }),
    )
  }
  addVerb(signer, 'show', 'show which receipts of a key bind an operator')
    .option('--operator <address>', 'whose signer; that of the key by default', parseAddress)
    .action(
      onChain(context, async (scene, address: Address, options: ShowSignerOptions) => {
        const { showSigner } = await import('./showSigner.ts')
        return showSigner(scene, address, options)
      }),
    )
}

function addVerb(signer: Command, name: string, description: string) {
  const command = signer
    .command(name)
    .description(description)
    .argument('<address>', 'address of the key', parseAddress)
  return addChainOptions(command)
}

const help = `
A signer can strike the operator's whole pledge by signing two receipts for one place: give it to the daemon, and remove it as
soon as the key may be known to others. What it signed before it was removed, and shortly after, still binds.
`
