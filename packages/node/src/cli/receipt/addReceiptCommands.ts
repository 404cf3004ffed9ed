import type { Command } from 'commander'
import type { Address, Hash } from 'viem'

import { type CliContext, onChain } from '../chain/onChain.ts'
import { addChainOptions, parseAddress, parseId } from '../chain/options.ts'
import { formatReport } from '../chain/report.ts'
import { addPenaltyCommands } from './addPenaltyCommands.ts'
import type { ShowReceiptOptions } from './showReceipt.ts'
import type { VerifyReceiptOptions } from './verifyReceiptFile.ts'

type Options = Omit<VerifyReceiptOptions, 'file'> & { json?: true }

/** Adds `assay receipt`: what an operator signed for an answer, and what it is worth against it. */
export function addReceiptCommands(program: Command, context: CliContext): void {
  const receipt = program
    .command('receipt')
    .description('check what an operator signed for an answer, and hold it to that')
    .addHelpText('after', help)
  addVerify(receipt, context)
  addShow(receipt, context)
  addPenaltyCommands(receipt, context)
}

function addVerify(receipt: Command, context: CliContext) {
  receipt
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

function addShow(receipt: Command, context: CliContext) {
  const command = receipt
    .command('show')
    .description(
      'show whom a receipt binds and until when, what was collected, and who disputes it',
    )
    .argument('<receipt>', 'file with the receipt, or its id')
    .option('--url <url>', 'operator or gateway to ask for the receipt and its batch')
  addChainOptions(command).action(
    onChain(context, async (scene, named: string, options: ShowReceiptOptions) => {
      const { showReceipt } = await import('./showReceipt.ts')
      return showReceipt(scene, named, options)
    }),
  )
}

const help = `
A receipt says who answered which request with what, for how much. "verify" checks, without a network, the signature, that the claim is the
receipt's, and, where they are shown, that request and answer are those of the claim; "show" asks the chain whether its signer may sign for the
operator. Until its liability ends, whoever has receipts can prove with them that an operator signed two for one place
("equivocation"), collected more than one says ("overcharge"), hides one ("demand", then "omission"), or answered wrongly
with an exact model ("refute"). What that takes and costs is said before it is sent; "--dry-run" sends nothing.
`
