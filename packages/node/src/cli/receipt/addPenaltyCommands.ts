import { type Command, InvalidArgumentError } from 'commander'

import { type CliContext, onChain } from '../chain/onChain.ts'
import { addChainOptions } from '../chain/options.ts'
import type { PenaltyOptions } from './inflict.ts'
import type { BatchPenaltyOptions } from './proveOvercharge.ts'
import type { RefuteReceiptOptions } from './refuteReceipt.ts'

/** Adds to `assay receipt` what holds an operator to its receipts. */
export function addPenaltyCommands(receipt: Command, context: CliContext): void {
  addVerb(receipt, 'equivocation', 'prove that an operator signed two receipts for one place')
    .argument('<other>', 'file with the other one')
    .action(
      onChain(context, async (scene, file: string, other: string, options: PenaltyOptions) => {
        const { proveEquivocation } = await import('./proveEquivocation.ts')
        return proveEquivocation(scene, [file, other], options)
      }),
    )
  addBatch(
    addVerb(receipt, 'overcharge', 'prove that more was collected than a receipt says'),
  ).action(
    onChain(context, async (scene, file: string, options: BatchPenaltyOptions) => {
      const { proveOvercharge } = await import('./proveOvercharge.ts')
      return proveOvercharge(scene, file, options)
    }),
  )
  addVerb(receipt, 'demand', 'demand that a receipt be shown in a batch, against a bond').action(
    onChain(context, async (scene, file: string, options: PenaltyOptions) => {
      const { demandReceipt } = await import('./demandReceipt.ts')
      return demandReceipt(scene, file, options)
    }),
  )
  addVerb(receipt, 'omission', 'prove that a demanded receipt was not shown in time').action(
    onChain(context, async (scene, file: string, options: PenaltyOptions) => {
      const { proveOmission } = await import('./proveOmission.ts')
      return proveOmission(scene, file, options)
    }),
  )
  addBatch(addVerb(receipt, 'refund', 'return the fee of a receipt that a penalty struck')).action(
    onChain(context, async (scene, file: string, options: BatchPenaltyOptions) => {
      const { refundReceipt } = await import('./refundReceipt.ts')
      return refundReceipt(scene, file, options)
    }),
  )
  addRefute(receipt, context)
}

function addRefute(receipt: Command, context: CliContext) {
  addVerb(receipt, 'refute', 'run an exact model again and prove its answer wrong, if it is')
    .requiredOption('--model <dir>', 'folder with the model')
    .requiredOption('--input <file>', 'elements of the input: .bin, .npy or .json')
    .option(
      '--output <file>',
      'elements that were answered; spares the trace if only they are wrong',
    )
    .option('--trace <file>', 'what the answer commits to; else the operator is asked')
    .option('--url <url>', 'where the operator is asked; its registered endpoint by default')
    .action(
      onChain(context, async (scene, file: string, options: RefuteReceiptOptions) => {
        const { refuteReceipt } = await import('./refuteReceipt.ts')
        return refuteReceipt(scene, file, options)
      }),
    )
}

function addVerb(receipt: Command, name: string, description: string) {
  const command = receipt
    .command(name)
    .description(description)
    .argument('<file>', 'receipt as JSON or as the header has it, or a stream that ends with one')
    .option('--dry-run', 'show what it would take and cost, and send nothing')
  return addChainOptions(command)
}

function addBatch(command: Command) {
  return command.option('--batch <number>', 'number of the batch; found by default', parseNumber)
}

function parseNumber(value: string): bigint {
  if (/^\d{1,20}$/.test(value)) return BigInt(value)
  throw new InvalidArgumentError('It has to be the number of a batch.')
}
