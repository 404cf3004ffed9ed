import type { Command } from 'commander'
import type { Hash } from 'viem'

import { type CliContext, onChain } from '../chain/onChain.ts'
import { addChainOptions, type ChainOptions, parseAddress, parseId } from '../chain/options.ts'
import type { OrderAuditOptions } from './orderAudit.ts'
import { parseRate } from './rate.ts'
import type { ShowAuditOptions } from './showAudit.ts'

/** Adds `assay audit`: paying somebody to check an answer, and what becomes of it. */
export function addAuditCommands(program: Command, context: CliContext): void {
  const audit = program
    .command('audit')
    .description('pay for having answers checked, and see what came of it')
    .addHelpText('after', help)
  const order = audit
    .command('order')
    .description('set a reward aside for checking the answer of a job, before there is one')
    .argument('<job>', 'id of the job', parseId)
    .requiredOption('--rate <rate>', 'how likely the audit is: 25%, 0.05% or 500ppm', parseRate)
    .requiredOption('--reward <amount>', 'tokens that the auditor earns, such as 0.50')
  addChainOptions(order).action(
    onChain(context, async (scene, jobId: Hash, options: OrderAuditOptions) => {
      const { orderAudit } = await import('./orderAudit.ts')
      return orderAudit(scene, { jobId, ...options })
    }),
  )
  addVerb(audit, 'show', 'show where an audit stands')
    .option('--auditor <address>', 'show when this auditor may confirm', parseAddress)
    .action(
      onChain(context, async (scene, id: Hash, options: ShowAuditOptions) => {
        const { showAudit } = await import('./showAudit.ts')
        return showAudit(scene, { id, ...options })
      }),
    )
  addVerb(audit, 'open', 'let the next block draw whether an answer is audited').action(
    onChain(context, async (scene, id: Hash, _options: ChainOptions) => {
      const { openAudit } = await import('./openAudit.ts')
      return openAudit(scene, id)
    }),
  )
  addVerb(audit, 'settle', 'pay the auditor, or return what nobody earned').action(
    onChain(context, async (scene, id: Hash, _options: ChainOptions) => {
      const { settleAudit } = await import('./settleAudit.ts')
      return settleAudit(scene, id)
    }),
  )
}

function addVerb(audit: Command, name: string, description: string) {
  const command = audit
    .command(name)
    .description(description)
    .argument('<id>', 'id of the audit, or of its job', parseId)
  return addChainOptions(command)
}

const help = `
A reward comes out of what "assay deposit AMOUNT --for audits" put aside. Anybody may open an audit, early in the
challenge window, and settle it: at once if it is not drawn, after the time to confirm if nobody confirmed, else once the
job is final or refuted. "assay watch" does both for its own, and confirms what it is drawn for.
`
