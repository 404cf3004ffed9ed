import type { Command } from 'commander'

import { type CliContext, onChain } from '../chain/onChain.ts'
import { addChainOptions, parseId } from '../chain/options.ts'
import type { ImportCommandOptions } from './importModel.ts'
import type { InspectCommandOptions } from './inspectModel.ts'
import type { PublishCommandOptions } from './publishModel.ts'
import type { RunCommandOptions } from './runModel.ts'

/** Adds `assay model`; what its commands do is loaded when one runs, which spares the daemons the importers. */
export function addModelCommands(program: Command, context: CliContext): void {
  const { write } = context
  const model = program
    .command('model')
    .description('make programs of models, look at them, and run them')
    .addHelpText('after', help)
  model
    .command('import')
    .description('make a program of a model')
    .argument('<file>', 'model: LiteRT (.tflite), full integer; ONNX (.onnx), integer or float32')
    .option(
      '--out <dir>',
      'folder for program.json, weights.bin and manifest.json; by default one in the current directory that is ' +
        'named like the file without its extension, if nothing else is in it',
    )
    .option(
      '--calibrate <samples>',
      'inputs of an ONNX model, one after the other (.npy, .json): they set the ranges of what is float32, ' +
        'and the program is compared with the model on them',
    )
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: Omit<ImportCommandOptions, 'file'>) => {
      const { importModel } = await import('./importModel.ts')
      write(await importModel({ file, ...options }))
    })
  model
    .command('inspect')
    .description('list what a model reads, computes and returns')
    .argument('<dir>', 'folder that import wrote')
    .option('--json', 'print as JSON')
    .action(async (folder: string, options: Omit<InspectCommandOptions, 'folder'>) => {
      const { inspectModel } = await import('./inspectModel.ts')
      write(await inspectModel({ folder, ...options }))
    })
  model
    .command('run')
    .description('compute the output of one input')
    .argument('<dir>', 'folder that import wrote')
    .requiredOption(
      '--input <file>',
      'elements of the input: raw (.bin), NumPy (.npy) or JSON (.json)',
    )
    .requiredOption('--output <file>', 'file for the raw elements of the output')
    .option(
      '--hashes',
      'print a JSON object for each operator of the model, with the hash of its output',
    )
    .option('--json', 'print the result as JSON')
    .action(async (folder: string, options: Omit<RunCommandOptions, 'folder' | 'write'>) => {
      const { runModel } = await import('./runModel.ts')
      await runModel({ folder, ...options, write })
    })
  addPublish(model, context)
}

function addPublish(model: Command, context: CliContext) {
  const command = model
    .command('publish')
    .description('enter a model into the registry; what is there already is left as it is')
    .argument('<dir>', 'folder that import wrote')
    .requiredOption('--name <name>', 'name of the model, for people')
    .option('--salt <hex>', 'tells apart models of one publisher; zero by default', parseId)
    .option('--manifest-uri <uri>', 'where the manifest can be fetched')
    .option('--weights', 'put the weights on-chain, too, where small models can be run whole')
  addChainOptions(command).action(
    onChain(context, async (scene, folder: string, options: PublishCommandOptions) => {
      const { publishModel } = await import('./publishModel.ts')
      return publishModel(scene, { folder, ...options })
    }),
  )
}

const help = `
LiteRT models, and trees, import exactly. Quantised ONNX models (QDQ, QLinear) keep their integers, and import says
where a rounding differs. ONNX models in float32 need --calibrate: they are given 8 bits over the ranges of the samples.
The comparison is with onnxruntime-node, where it is installed.

Elements are those of the model's own format: int8 for most, little-endian float32 where the model itself
quantises its input or dequantises its output. A model that no program computes exactly is refused with the
operator, its number, what was found and what is supported.
`
