import type { Command } from 'commander'
import type { Address, Hash } from 'viem'
import type { CliContext } from '../chain/onChain.ts'
import { parseAddress, parseId } from '../chain/options.ts'
import { formatReport } from '../chain/report.ts'
import type { VerifyReceiptOptions } from './verifyReceiptFile.ts'

type Options = Omit<VerifyReceiptOptions, 'file'> & { json?: true }

/** Adds `assay receipt`: what an operator signed for an answer. */
export function addReceiptCommands(program: Command, context: CliContext): void {
  program
    .command('receipt')
    .description('check what an operator signed for an answer')
    .addHelpText('after', help)
    .command('verify')
    .description('check a receipt, and the answer if it is shown, without a network')
    .argument('<file>', 'receipt as JSON or as the header has it, or a stream that ends with one')
    .option('--request <file>', 'exact bytes of the body that was sent')
    .option(
      '--response <file>',
      'exact bytes of the body that came back; a stream has them already',
    )
    .option('--secret <hex>', 'what was sent as x-assay-secret', parseId)
    .option('--name <hex>', 'what was sent as x-assay-request', parseId)
    .option('--operator <address>', 'who has to have answered', parseAddress)
    .option(
      '--signer <address>',
      'key that may sign for the operator besides its own; may be repeated',
      (value: string, signers: Address[] = []) => [...signers, parseAddress(value)],
    )
    .option(
      '--model <version>',
      'model version that has to have answered',
      parseId as (value: string) => Hash,
    )
    .option('--json', 'print as JSON')
    .action(async (file: string, options: Options) => {
      const { verifyReceiptFile } = await import('./verifyReceiptFile.ts')
      context.write(formatReport(await verifyReceiptFile({ file, ...options }), options))
    })
}

const help = `
A receipt says who answered which request with what, for how much. What is checked: the signature, that the claim is the receipt's, and, where they
are shown, that request and answer are those of the claim. Whether a key may sign for an operator is on the chain: "signerUntil" of the ledger.
`
