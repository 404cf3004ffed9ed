import { type Command, Option } from 'commander'
import type { Hash } from 'viem'

import { type CliContext, onChain } from '../chain/onChain.ts'
import {
  addChainOptions,
  type ChainOptions,
  parseAddress,
  parseId,
  parseIds,
  parseSeconds,
} from '../chain/options.ts'
import type { AnswerJobOptions } from './answerJob.ts'
import type { RefuteJobOptions } from './refuteJob.ts'
import type { RequestJobOptions } from './requestJob.ts'
import type { ShowJobOptions } from './showJob.ts'

/** Adds `assay job`: one question to a model, its answer, and what becomes of it. */
export function addJobCommands(program: Command, context: CliContext): void {
  const job = program
    .command('job')
    .description('ask a model, answer by hand, and refute wrong answers')
    .addHelpText('after', help)
  addRequest(job, context)
  addShow(job, context)
  addAnswer(job, context)
  addRefute(job, context)
  addEnds(job, context)
}

function addRequest(job: Command, context: CliContext) {
  const command = job
    .command('request')
    .description('pay for one answer of a model version')
    .argument('<version>', 'id of the model version', parseId)
    .requiredOption('--model <dir>', 'folder with the model')
    .requiredOption('--input <file>', 'elements of the input: .bin, .npy or .json')
    .requiredOption('--fee <amount>', 'the most that it may cost, which is escrowed')
    .option('--fee-min <amount>', 'fee to begin with; --fee by default')
    .option('--ramp <seconds>', 'time over which the fee rises', parseSeconds)
    .option('--tau <seconds>', "mean time until the first operator's slot", parseSeconds)
    .option('--answer-window <seconds>', 'time for an answer', parseSeconds)
    .option('--challenge-window <seconds>', 'time for refuting it', parseSeconds)
    .option('--salt <hex>', 'asking again under a salt finds the job again; random', parseId)
    .addOption(
      new Option('--disclose <how>', 'the input: on-chain, to operators, or sealed for them')
        .choices(['public', 'posted', 'sealed'])
        .default('public'),
    )
    .option('--save <file>', 'keep the job before it is paid; the next call goes on with it')
    .option('--wait', 'wait for the answer')
  addChainOptions(command).action(
    onChain(context, async (scene, version: Hash, options: RequestJobOptions) => {
      const { requestJob } = await import('./requestJob.ts')
      return requestJob(scene, { version, ...options })
    }),
  )
}

function addShow(job: Command, context: CliContext) {
  const command = job
    .command('show')
    .description('show where a job stands, and its answer')
    .argument('<id>', 'id of the job', parseId)
    .option('--model <dir>', 'folder with the model, to show the output as its elements')
    .option('--output <file>', 'file for the raw elements of the output; needs --model')
    .addOption(
      new Option('--wait <state>', 'wait until it stands there').choices(['answered', 'final']),
    )
  addChainOptions(command).action(
    onChain(context, async (scene, id: Hash, options: ShowJobOptions) => {
      const { showJob } = await import('./showJob.ts')
      return showJob(scene, { id, ...options })
    }),
  )
}

function addAnswer(job: Command, context: CliContext) {
  const command = job
    .command('answer')
    .description("answer a job by hand, as soon as the operator's slot is open")
    .argument('<id>', 'id of the job', parseId)
    .requiredOption('--model <dir>', 'folder with the model')
    .option('--output <file>', "elements to give as output instead of the model's own")
    .option('--input <file>', 'elements of the input, where the request does not carry them')
    .option('--operator <address>', 'operator whose signer the key is', parseAddress)
    .option('--trace <file>', 'file for what the answer commits to')
  addChainOptions(command).action(
    onChain(context, async (scene, id: Hash, options: AnswerJobOptions) => {
      const { answerJob } = await import('./answerJob.ts')
      return answerJob(scene, { id, ...options })
    }),
  )
}

function addRefute(job: Command, context: CliContext) {
  const command = job
    .command('refute')
    .description('run the model again and prove the answer wrong, if it is')
    .argument('<id>', 'id of the job', parseId)
    .requiredOption('--model <dir>', 'folder with the model')
    .option('--input <file>', 'elements of the input, where the request does not carry them')
    .option('--trace <file>', 'what the answer commits to; else the operator is asked')
    .option('--dry-run', 'show the proof and what it would cost, and send nothing')
  addChainOptions(command).action(
    onChain(context, async (scene, id: Hash, options: RefuteJobOptions) => {
      const { refuteJob } = await import('./refuteJob.ts')
      return refuteJob(scene, { id, ...options })
    }),
  )
}

/** Adds what ends a job that was not refuted; anybody may. */
function addEnds(job: Command, context: CliContext) {
  const settle = job
    .command('settle')
    .description('pay the operators of final answers, and return what was not used')
    .argument('<ids...>', 'ids of jobs', parseIds)
  addChainOptions(settle).action(
    onChain(context, async (scene, ids: Hash[], _options: ChainOptions) => {
      const { settleJobs } = await import('./settleJobs.ts')
      return settleJobs(scene, ids)
    }),
  )
  const expire = job
    .command('expire')
    .description('return the fee of a job that nobody answered in time')
    .argument('<id>', 'id of the job', parseId)
  addChainOptions(expire).action(
    onChain(context, async (scene, id: Hash, _options: ChainOptions) => {
      const { expireJob } = await import('./expireJob.ts')
      return expireJob(scene, id)
    }),
  )
}

const help = `
A job lives on the chain: its id is all that later commands need. An answer that was made up costs the operator the
stake that is reserved for it; who proves it wrong gets a share, and the payer gets the fee back.
`
